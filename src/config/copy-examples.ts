import { readdir, writeFile } from 'node:fs/promises';
import { join, parse } from 'node:path';
import { readBytes, readText } from '../shared/read-file.ts';
import { variableName } from '../shared/variable-name.ts';
import { COMMANDS_FILE, SECRET_PREFIX } from './inputs.ts';
import { parseCommands } from './parse-commands.ts';

export const EXAMPLE = '.example';

/** An existing file always wins: the flag `wx` makes losing one impossible. */
export async function copyMissing(folder: string, isGiven: (key: string) => boolean): Promise<string[]> {
  const examples = (await listFiles(folder))
    .filter((file) => file.endsWith(EXAMPLE))
    .filter((file) => !file.startsWith('secrets/') || !isGiven(keyOf(file)));
  const copies = await Promise.all(
    examples.map(async (example) => {
      const file = example.slice(0, -EXAMPLE.length);
      const content = (await readBytes(join(folder, example))) ?? '';
      // What is filled in there is nobody else's business.
      const writing = writeFile(join(folder, file), content, { flag: 'wx', mode: 0o600 });
      return writing.then(() => file, ignore('EEXIST'));
    }),
  );
  return copies.filter((file) => file !== undefined);
}

/** Whether a secret's value comes from somewhere else than a plain file, so that none has to be filled in. */
export async function findGiven(
  folder: string,
  environment: Readonly<Record<string, string>>,
): Promise<(key: string) => boolean> {
  const [files, text = ''] = await Promise.all([listFiles(folder), readText(join(folder, COMMANDS_FILE))]);
  const encrypted = new Set(files.filter((file) => file.endsWith('.age')).map(keyOf));
  const printed = new Set(parseCommands(COMMANDS_FILE, text).commands.map(({ key }) => key));
  return (key) =>
    Object.hasOwn(environment, SECRET_PREFIX + variableName(key)) || encrypted.has(key) || printed.has(key);
}

/** `secrets/postgres_password.txt.example` is about the secret postgres_password. */
const keyOf = (file: string) => parse(parse(file).name).name;

/** Paths within the folder, one level deep, because only secrets/ has files below. */
export async function listFiles(folder: string): Promise<string[]> {
  const [names, secrets] = await Promise.all([folder, join(folder, 'secrets')].map(filesIn));
  return [...(names ?? []), ...(secrets ?? []).map((name) => `secrets/${name}`)].sort();
}

async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(ignore('ENOENT'));
  // A folder with the name of a file is left by Docker where it looked for the file: reading it says so.
  const isOwn = (name: string) => parse(name).ext !== '';
  return (entries ?? []).filter((entry) => !entry.isDirectory() || isOwn(entry.name)).map(({ name }) => name);
}

/** A catch handler that turns one expected error into undefined. */
export function ignore(code: string): (error: NodeJS.ErrnoException) => undefined {
  return (error) => {
    if (error.code !== code) throw error;
    return undefined;
  };
}
