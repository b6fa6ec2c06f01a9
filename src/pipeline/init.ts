import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { planInit } from '../init/plan-init.ts';
import { DeployError, messageOf } from '../shared/errors.ts';
import { readText } from '../shared/read-file.ts';
import type { World } from './world.ts';

const COMPOSE_FILES = ['compose.yaml', 'compose.yml', 'docker-compose.yaml', 'docker-compose.yml'];
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
  { root, print }: Pick<World, 'root' | 'print'>,
  composeFile?: string,
): Promise<void> {
  const found = composeFile ?? COMPOSE_FILES.find((file) => existsSync(join(root, file)));
  const compose = found === undefined ? undefined : await readText(resolve(root, found));
  if (found !== undefined && compose === undefined)
    throw new DeployError('CONFIG_INVALID', `there is no file ${found}`);
  const gitignore = (await readText(join(root, '.gitignore'))) ?? '';
  const folder = TEMPLATES.find((path) => existsSync(join(path, EXAMPLES[0] ?? ''))) ?? '';
  const templates = await Promise.all(
    EXAMPLES.map(async (file) => [file, await readFile(join(folder, file), 'utf8')]),
  );
  const { version } = JSON.parse(await readFile(PACKAGE, 'utf8'));
  const files = plan();
  for (const [path, text] of Object.entries(files)) print(`${await write(join(root, path), text)} ${path}`);
  print(
    `\nnext: run \`waggle deploy\`${found ? ` (deploy/stack.yml was made from ${found})` : ''}; it copies each .example and says what to fill in`,
  );

  function plan() {
    try {
      return planInit({
        project: basename(root),
        compose,
        gitignore,
        templates: Object.fromEntries(templates),
        version,
      });
    } catch (error) {
      throw new DeployError('CONFIG_INVALID', `${found} cannot be read as YAML: ${messageOf(error)}`);
    }
  }
}

async function write(path: string, text: string): Promise<string> {
  const flag = basename(path) === '.gitignore' ? 'w' : 'wx';
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text, { flag });
    return 'wrote';
  } catch (error) {
    const { code, syscall } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST' && syscall === 'open') return 'kept ';
    throw new DeployError('CONFIG_INVALID', `cannot write ${path}: ${messageOf(error)}`, { cause: error });
  }
}
