import { join } from 'node:path';
import { readText, UnreadableFile } from '../shared/read-file.ts';
import { type Inputs, NO_FILE } from './inputs.ts';

/** The inputs with the texts of more files, by their paths from the deploy folder, or with why one cannot be read. */
export async function readMore(inputs: Inputs, files: readonly string[]): Promise<Inputs> {
  const texts: Record<string, string> = { ...inputs.texts };
  const unread: Record<string, string> = { ...inputs.unread };
  await Promise.all(
    files.map(async (file) => {
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
