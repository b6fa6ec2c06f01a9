import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { planFiles } from '../init/plan-files.ts';
import { planInit } from '../init/plan-init.ts';
import { STARTER } from '../init/starter.ts';
import { DeployError, messageOf } from '../shared/errors.ts';
import { readText } from '../shared/read-file.ts';
import { chooseCompose } from './choose-compose.ts';
import { lookAt } from './look-at.ts';
import type { World } from './world.ts';

const EXAMPLES = ['cluster.env.example', 'registry.env.example'];
/** Beside the built program; in a checkout of Waggle, its own deploy folder. */
const TEMPLATES = ['./templates/', '../../deploy/'].map((path) =>
  fileURLToPath(new URL(path, import.meta.url)),
);

/** Beside dist/; in a checkout of Waggle, two folders up. */
const PACKAGE =
  ['../package.json', '../../package.json']
    .map((path) => fileURLToPath(new URL(path, import.meta.url)))
    .find(existsSync) ?? '';

/** Writes a deploy folder for the project. A file that is there is left alone, apart from lines added to .gitignore. */
export async function init(
  { root, print, ask }: Pick<World, 'root' | 'print' | 'ask'>,
  composeFile?: string,
): Promise<void> {
  const found = composeFile ?? (await chooseCompose(root, ask));
  const deploy = 'deploy';
  const files = planInit({
    deploy,
    project: basename(root),
    stack: await planFiles(await readCompose(root, found), deploy, {
      readText: (file) => readText(join(root, file)),
      lookAt: (file) => lookAt(root, file),
    }),
    gitignore: (await readText(join(root, '.gitignore'))) ?? '',
    templates: await readTemplates(),
    version: JSON.parse(await readFile(PACKAGE, 'utf8')).version,
  });
  const written: string[] = [];
  for (const [path, text] of Object.entries(files)) {
    const isNew = await write(join(root, path), text);
    const from = isNew && found && path === `${deploy}/stack.yml` ? ` (from ${found})` : '';
    print(`${isNew ? 'wrote' : 'kept '} ${path}${from}`);
    if (isNew) written.push(path);
  }
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
