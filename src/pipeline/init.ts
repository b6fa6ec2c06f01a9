import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { basename, dirname, join, posix, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse as parseDotenv } from 'dotenv';
import { readGit } from '../config/read-git.ts';
import { readProject } from '../config/read-project.ts';
import { LONGEST_STACK_NAME } from '../config/settings.ts';
import { planFiles } from '../init/plan-files.ts';
import { planInit } from '../init/plan-init.ts';
import { STARTER } from '../init/starter.ts';
import { DeployError, messageOf } from '../shared/errors.ts';
import { readText } from '../shared/read-file.ts';
import { chooseCompose } from './choose-compose.ts';
import { lookAt } from './look-at.ts';
import type { RunContext } from './run-context.ts';

/** Its own servers, and those of companies. */
const GITHUB = /^https?:\/\/(www\.)?github\./;
const EXAMPLES = ['cluster.env.example', 'registry.env.example'];
/** Next to the built program; in a checkout of Waggle, its own deploy folder. */
const TEMPLATES = ['./templates/', '../../deploy/'].map((path) =>
  fileURLToPath(new URL(path, import.meta.url)),
);

/** Next to dist/; in a checkout of Waggle, two folders up. */
const PACKAGE =
  ['../package.json', '../../package.json']
    .map((path) => fileURLToPath(new URL(path, import.meta.url)))
    .find(existsSync) ?? '';

export interface InitOptions {
  /** `staging`: writes deploy/staging. */
  readonly target?: string | undefined;
}

/** Writes a deploy folder for the project. A file that is there is left alone, apart from lines added to .gitignore. */
export async function init(
  { root, print, ask }: Pick<RunContext, 'root' | 'print' | 'ask'>,
  compose: string | readonly string[] = [],
  { target }: InitOptions = {},
): Promise<void> {
  const given = [compose].flat();
  const own =
    given.length > 0 ? [] : [findStack(root, target) ?? (await chooseCompose(root, ask)) ?? []].flat();
  const [first, ...others] = [...given, ...own];
  const deploy = posix.join('deploy', target ?? '');
  const over = await Promise.all(others.map((file) => readCompose(root, file)));
  const stack = await planFiles([await readCompose(root, first), ...over], deploy, {
    readText: (file) => readText(join(root, file)),
    lookAt: (file) => lookAt(root, file),
  });
  const [project, git] = await Promise.all([readProject(root), readGit(root)]);
  const files = planInit({
    deploy,
    name: await nameStack(root, target, stack.name),
    stack,
    gitignore: (await readText(join(root, '.gitignore'))) ?? '',
    hasWorkflow: target === undefined && project.remotes.some((remote) => GITHUB.test(remote)),
    tracked: git.tracked,
    templates: await readTemplates(),
    version: JSON.parse(await readFile(PACKAGE, 'utf8')).version,
  });
  for (const [path, text] of Object.entries(files)) {
    const isNew = await write(join(root, path), text);
    const from = isNew && first && path === `${deploy}/stack.yml` ? ` (from ${first})` : '';
    print(`${isNew ? 'wrote' : 'kept '} ${path}${from}`);
  }
  for (const file of await findProduction(root, [...given, ...own]))
    print(`\n${file} was not read: \`waggle init ${first} ${file}\` lays it over ${first}`);
}

/** Files of another name that seem to be for production. */
async function findProduction(root: string, read: readonly string[]): Promise<readonly string[]> {
  const isOne = (file: string) =>
    /^(docker-)?compose\.(prod|production|live|swarm|deploy)\.ya?ml$/.test(file);
  return read.length > 0 ? (await readdir(root)).filter((file) => isOne(file) && !read.includes(file)) : [];
}

/** Another environment begins with the stack file that there is. */
function findStack(root: string, target: string | undefined): string | undefined {
  const file = 'deploy/stack.yml';
  return target !== undefined && existsSync(join(root, file)) ? file : undefined;
}

/** Two environments with one name would replace each other. */
async function nameStack(root: string, target: string | undefined, name = basename(root)): Promise<string> {
  if (target === undefined) return name;
  const texts = await Promise.all(
    ['cluster.env', 'cluster.env.example'].map((file) => readText(join(root, 'deploy', file))),
  );
  const [first] = texts.flatMap((text = '') => parseDotenv(text).STACK_NAME || []);
  return `${(first ?? name).slice(0, Math.max(1, LONGEST_STACK_NAME - target.length - 1))}-${target}`;
}

async function readCompose(root: string, file: string | undefined) {
  if (file === undefined) return { file: 'compose.yml', text: STARTER };
  const text = await readText(resolve(root, file));
  if (text === undefined) throw new DeployError('CONFIG_INVALID', `there is no file ${file}`);
  return { file: relative(root, resolve(root, file)).split(sep).join('/'), text };
}

async function readTemplates(): Promise<Readonly<Record<string, string>>> {
  const folder = TEMPLATES.find((path) => existsSync(join(path, EXAMPLES[0] ?? ''))) ?? '';
  const texts = EXAMPLES.map(async (file) => [file, await readFile(join(folder, file), 'utf8')]);
  return Object.fromEntries(await Promise.all(texts));
}

/** Whether it was written: an existing file wins. */
async function write(path: string, text: string): Promise<boolean> {
  const flag = basename(path) === '.gitignore' ? 'w' : 'wx';
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text, { flag });
    return true;
  } catch (error) {
    const { code, syscall } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST' && syscall === 'open') return false;
    throw new DeployError('CONFIG_INVALID', `cannot write ${path}: ${messageOf(error)}`, { cause: error });
  }
}
