import { createHash } from 'node:crypto';
import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { parse as parseDotenv } from 'dotenv';
import { DeployError } from '../shared/errors.ts';
import { readBytes, readText, UnreadableFile, withRegularFile } from '../shared/read-file.ts';
import { copyMissing, EXAMPLE, findGiven, ignore, listFiles } from './copy-examples.ts';
import {
  COMMANDS_FILE,
  ENV_FILES,
  type GitFacts,
  type HookFile,
  type Inputs,
  type SecretFile,
} from './inputs.ts';
import { configInvalid } from './problem.ts';
import { readEnvironments } from './read-environments.ts';

const OTHERS_READ = 0o004;
const RUNNABLE = 0o111;

export interface InputOptions {
  /** Of the checkout. */
  readonly root: string;
  /** Asked early, because git takes as long as loading the program does. */
  readonly git: Promise<GitFacts>;
  readonly environment: Readonly<Record<string, string>>;
  /** `staging`: reads deploy/staging instead of deploy. */
  readonly target?: string | undefined;
  readonly copyExamples: boolean;
}

/** Reads the deploy folder of a checkout. Only reads, unless a missing file is to be copied from its `.example`. */
export async function readInputs(reading: InputOptions): Promise<Inputs> {
  try {
    return await readFolder(reading);
  } catch (error) {
    if (!(error instanceof Error && 'syscall' in error)) throw error;
    throw new DeployError('CONFIG_INVALID', `cannot read the deploy folder: ${error.message}`, {
      cause: error,
    });
  }
}

async function readFolder({
  root,
  git,
  environment,
  target = '',
  copyExamples,
}: InputOptions): Promise<Inputs> {
  const folder = join(root, 'deploy', target);
  await requireFolder(folder, target);
  const unreadable: UnreadableFile[] = [];
  const copied = copyExamples ? await copyMissing(folder, await findGiven(folder, environment)) : [];
  const envTexts = await readTexts(folder, [...ENV_FILES, COMMANDS_FILE], unreadable);
  const fromFile = parseDotenv(envTexts['cluster.env'] ?? '').STACK_FILES;
  const stackFiles = (environment.STACK_FILES || fromFile || 'stack.yml').split(':');
  const [others, stackTexts, secretFiles, hooks] = await Promise.all([
    readEnvironments(root, folder),
    readTexts(folder, stackFiles, unreadable),
    readSecretFiles(folder, unreadable),
    readHooks(join(folder, 'hooks'), unreadable),
  ]);
  if (unreadable.length > 0) throw configInvalid(unreadable.map(({ message }) => message));
  const openFiles = await findOpen(folder, [...ENV_FILES, ...secretFiles.map(({ file }) => file)]);
  const base = dirname(join(folder, stackFiles[0] ?? ''));
  const texts = { ...envTexts, ...stackTexts };
  return {
    folder: relative(process.cwd(), folder) || '.',
    path: folder,
    root: resolve(root),
    base,
    texts,
    unread: {},
    stackFiles,
    secretFiles,
    hooks,
    openFiles,
    copied,
    others,
    git: await git,
    now: new Date(),
    environment,
  };
}

/** Who has just installed Waggle, or stands in another folder, needs one line, not one for each file. */
async function requireFolder(folder: string, target: string): Promise<void> {
  if (await stat(folder).catch(ignore('ENOENT'))) return;
  const name = join('deploy', target);
  const begin = target
    ? `make ${name}/ with its env files, or name the environment that you mean`
    : 'begin with `waggle init`, which writes it, or go to the folder of the project that has it';
  throw new DeployError('CONFIG_INVALID', `there is no folder ${name} in ${process.cwd()}`, { hint: begin });
}

async function readTexts(
  folder: string,
  names: readonly string[],
  unreadable: UnreadableFile[],
): Promise<Record<string, string>> {
  const entries = await Promise.all(
    names.map(async (name) => [name, await orNote(readText(join(folder, name)), unreadable)] as const),
  );
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => entry[1] !== undefined));
}

async function readSecretFiles(folder: string, unreadable: UnreadableFile[]): Promise<SecretFile[]> {
  const files = (await listFiles(folder)).filter(
    (file) => file.startsWith('secrets/') && !file.endsWith(EXAMPLE) && !basename(file).startsWith('.'),
  );
  return Promise.all(files.map((file) => readSecretFile(folder, file, unreadable)));
}

async function readSecretFile(
  folder: string,
  file: string,
  unreadable: UnreadableFile[],
): Promise<SecretFile> {
  const path = join(folder, file);
  const content = await orNote(readBytes(path), unreadable);
  const example = await orNote(readBytes(path + EXAMPLE), unreadable);
  return { file, isExample: example?.equals(content ?? Buffer.alloc(0)) ?? false };
}

async function readHooks(folder: string, unreadable: UnreadableFile[]): Promise<HookFile[]> {
  const names = ((await readdir(folder).catch(ignore('ENOENT'))) ?? []).filter(
    (name) => !name.startsWith('.') && !name.endsWith(EXAMPLE),
  );
  const read = async (name: string): Promise<HookFile> => {
    const hash = createHash('sha256');
    const mode = await orNote(
      withRegularFile(join(folder, name), async (file) => {
        for await (const chunk of file.createReadStream({ autoClose: false })) hash.update(chunk);
        return (await file.stat()).mode;
      }),
      unreadable,
    );
    return { name, isExecutable: ((mode ?? 0) & RUNNABLE) !== 0, digest: hash.digest('hex') };
  };
  return Promise.all(names.sort().map(read));
}

/** Notes a file that cannot be read, so that one run names all of them. */
async function orNote<T>(reading: Promise<T>, unreadable: UnreadableFile[]): Promise<T | undefined> {
  return reading.catch((error: unknown) => {
    if (!(error instanceof UnreadableFile)) throw error;
    unreadable.push(error);
    return undefined;
  });
}

/** Of these files within the folder, those that users beyond owner and group can read. */
export async function findOpen(folder: string, files: readonly string[]): Promise<string[]> {
  const modes = await Promise.all(files.map((file) => stat(resolve(folder, file)).catch(() => undefined)));
  return files.filter((_, index) => ((modes[index]?.mode ?? 0) & OTHERS_READ) !== 0);
}
