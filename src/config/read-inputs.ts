import { constants, copyFile, readdir, readFile } from 'node:fs/promises';
import { basename, join, parse, relative } from 'node:path';
import { parse as parseDotenv } from 'dotenv';
import { DeployError } from '../shared/errors.ts';
import { Secret } from '../shared/secret.ts';
import { localShell } from '../shared/shell.ts';
import { ENV_FILES, type Inputs, type SecretFile } from './inputs.ts';

const EXAMPLE = '.example';

/** Reads the deploy folder of a checkout. Only reads, unless a missing file is to be copied from its `.example`. */
export async function readInputs(
  root: string,
  environment: Readonly<Record<string, string>>,
  { copyExamples }: { copyExamples: boolean },
): Promise<Inputs> {
  try {
    return await readFolder(root, environment, copyExamples);
  } catch (error) {
    if (!(error instanceof Error && 'syscall' in error)) throw error;
    throw new DeployError('CONFIG_INVALID', `cannot read the deploy folder: ${error.message}`, {
      cause: error,
    });
  }
}

async function readFolder(
  root: string,
  environment: Readonly<Record<string, string>>,
  copyExamples: boolean,
): Promise<Inputs> {
  const folder = join(root, 'deploy');
  const copied = copyExamples ? await copyMissing(folder) : [];
  const envTexts = await readTexts(folder, ENV_FILES);
  const fromFile = parseDotenv(envTexts['cluster.env'] ?? '').STACK_FILES;
  const stackFiles = (environment.STACK_FILES || fromFile || 'stack.yml').split(':');
  const [stackTexts, secrets, git] = await Promise.all([
    readTexts(folder, stackFiles),
    readSecrets(folder),
    readGit(root),
  ]);
  const texts = { ...envTexts, ...stackTexts };
  const shown = relative(process.cwd(), folder) || '.';
  return { folder: shown, texts, stackFiles, secrets, copied, git, now: new Date(), environment };
}

/** An existing file always wins: COPYFILE_EXCL makes losing one impossible. */
async function copyMissing(folder: string): Promise<string[]> {
  const examples = (await listFiles(folder)).filter((file) => file.endsWith(EXAMPLE));
  const copies = await Promise.all(
    examples.map(async (example) => {
      const file = example.slice(0, -EXAMPLE.length);
      const copying = copyFile(join(folder, example), join(folder, file), constants.COPYFILE_EXCL);
      return copying.then(() => file, ignore('EEXIST'));
    }),
  );
  return copies.filter((file) => file !== undefined);
}

/** Paths within the folder, one level deep, because only secrets/ has files below. */
async function listFiles(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(ignore('ENOENT'));
  const secrets = await readdir(join(folder, 'secrets')).catch(ignore('ENOENT'));
  return [...(names ?? []), ...(secrets ?? []).map((name) => `secrets/${name}`)].sort();
}

async function readTexts(folder: string, names: readonly string[]): Promise<Record<string, string>> {
  const entries = await Promise.all(
    names.map(
      async (name) => [name, await readFile(join(folder, name), 'utf8').catch(ignore('ENOENT'))] as const,
    ),
  );
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => entry[1] !== undefined));
}

async function readSecrets(folder: string): Promise<SecretFile[]> {
  const files = (await listFiles(folder)).filter(
    (file) => file.startsWith('secrets/') && !file.endsWith(EXAMPLE) && !basename(file).startsWith('.'),
  );
  return Promise.all(files.map((file) => readSecret(folder, file)));
}

async function readSecret(folder: string, file: string): Promise<SecretFile> {
  const value = await readFile(join(folder, file));
  const example = await readFile(join(folder, file + EXAMPLE)).catch(ignore('ENOENT'));
  const isExample = example?.equals(value) ?? false;
  return { file, key: parse(file).name, value: new Secret(value), isExample };
}

async function readGit(root: string): Promise<Inputs['git']> {
  const [head, status] = await Promise.all([
    localShell(['git', '-C', root, 'rev-parse', '--short', 'HEAD']),
    localShell(['git', '--no-optional-locks', '-C', root, 'status', '--porcelain', '--untracked-files=no']),
  ]);
  const sha = head.exitCode === 0 ? head.stdout.trim() : undefined;
  return { sha, dirty: status.stdout.trim() !== '' };
}

/** A catch handler that turns one expected error into undefined. */
function ignore(code: string): (error: NodeJS.ErrnoException) => undefined {
  return (error) => {
    if (error.code !== code) throw error;
    return undefined;
  };
}
