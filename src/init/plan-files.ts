import { posix } from 'node:path';
import { parse as parseDotenv } from 'dotenv';
import { configInvalid } from '../config/problem.ts';
import type { LookAt } from './bind-configs.ts';
import { folderOf } from './find-named.ts';
import { planStackFile, type StackFile } from './plan-stack-file.ts';

export interface Compose {
  /** From the root. */
  readonly file: string;
  readonly text: string;
}

/** A stack file with the files that it includes and extends, by their paths from the root. */
export interface PlannedStack extends Omit<StackFile, 'text' | 'named'> {
  readonly files: Readonly<Record<string, string>>;
  /** As STACK_FILES names them. */
  readonly stackFiles: readonly string[];
}

/** How the project is read. */
export interface ProjectReader {
  /** `undefined`: there is no such file, which `waggle plan` tells. */
  readText(file: string): Promise<string | undefined>;
  readonly lookAt: LookAt;
}

/**
 * Plans the files of a deploy folder from compose files, later ones laid over earlier ones, and all that they name, each
 * at the same place from the first.
 */
export async function planFiles(
  [compose, ...over]: readonly [Compose, ...Compose[]],
  deploy: string,
  reader: ProjectReader,
): Promise<PlannedStack> {
  const top = folderOf(compose.file);
  const mirror = (path: string) => posix.join(deploy, posix.relative(top, path));
  const main = posix.join(deploy, 'stack.yml');
  const parts: StackFile[] = [];
  const files: Record<string, string> = {};
  const todo: Todo[] = [
    { ...compose, folder: top, into: main, given: [] },
    ...over.map((one) => ({ ...one, folder: top, into: mirror(one.file), given: [] })),
  ];
  for (const { file, folder, into, text: known, given } of todo) {
    const text = known ?? (await reader.readText(file));
    if (text === undefined || Object.hasOwn(files, into)) continue;
    const way = { top, from: folder, to: mirror(folder) };
    const part = planStackFile({
      file,
      text,
      way,
      secrets: posix.join(deploy, 'secrets'),
      lookAt: reader.lookAt,
    });
    parts.push({ ...part, variables: part.variables.filter((name) => !given.includes(name)) });
    files[into] = part.text;
    for (const one of part.named) {
      if (mirror(one.file) === main && one.file !== compose.file)
        throw configInvalid([`${one.file}: would be written to ${main}, as ${compose.file}: rename it`]);
      const own = await namesIn(one.envFiles, reader);
      todo.push({ ...one, into: mirror(one.file), given: [...given, ...own] });
    }
  }
  const all = (of: (part: StackFile) => readonly string[]) => [...new Set(parts.flatMap(of))].sort();
  return {
    name: parts[0]?.name,
    variables: all(({ variables }) => variables),
    secrets: all(({ secrets }) => secrets),
    read: all(({ read }) => read),
    files,
    stackFiles: ['stack.yml', ...over.map(({ file }) => posix.relative(top, file))],
  };
}

interface Todo {
  readonly file: string;
  readonly folder: string;
  readonly into: string;
  readonly text?: string;
  /** Variables that the includes on the way here set. */
  readonly given: readonly string[];
}

async function namesIn(envFiles: readonly string[], { readText }: ProjectReader): Promise<readonly string[]> {
  const texts = await Promise.all(envFiles.map(readText));
  return texts.flatMap((text = '') => Object.keys(parseDotenv(text)));
}
