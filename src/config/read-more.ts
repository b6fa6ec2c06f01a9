import { realpath } from 'node:fs/promises';
import { isAbsolute, join, relative, sep } from 'node:path';
import { readText, UnreadableFile } from '../shared/read-file.ts';
import { type Inputs, NO_FILE } from './inputs.ts';

/** The inputs with the texts of more files, by their paths from the deploy folder, or with why one cannot be read. */
export async function readMore(inputs: Inputs, files: readonly string[]): Promise<Inputs> {
  const texts: Record<string, string> = { ...inputs.texts };
  const unread: Record<string, string> = { ...inputs.unread };
  await Promise.all(
    files.map(async (file) => {
      if (await leadsOut(inputs.root, join(inputs.path, file))) {
        unread[file] = 'leads out of the project by a symbolic link: put the file into it';
        return;
      }
      const text = await readText(join(inputs.path, file)).catch((error: unknown) => {
        if (!(error instanceof UnreadableFile)) throw error;
        unread[file] = error.line === undefined ? error.problem : `${error.problem} (line ${error.line})`;
        return undefined;
      });
      if (text !== undefined) texts[file] = text;
      else unread[file] ??= NO_FILE;
    }),
  );
  return { ...inputs, texts, unread };
}

/** Whether a symbolic link on the way to the file leaves the project, where a pull request could read what it likes. */
async function leadsOut(root: string, file: string): Promise<boolean> {
  const [from, to] = await Promise.all([root, file].map((path) => realpath(path).catch(() => undefined)));
  if (from === undefined || to === undefined) return false;
  const inside = relative(from, to);
  return inside === '..' || inside.startsWith(`..${sep}`) || isAbsolute(inside);
}
