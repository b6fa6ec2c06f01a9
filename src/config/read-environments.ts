import { readdir } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { parse } from 'dotenv';
import { readText } from '../shared/read-file.ts';
import type { OtherEnvironment } from './inputs.ts';

/** Reads what the other deploy folders of the checkout say about their target: `deploy` itself and the folders in it. */
export async function readEnvironments(root: string, own: string): Promise<readonly OtherEnvironment[]> {
  const top = join(root, 'deploy');
  const inside = await readdir(top, { withFileTypes: true }).catch(() => []);
  const folders = [
    top,
    ...inside.filter((entry) => entry.isDirectory()).map(({ name }) => join(top, name)),
  ].filter((folder) => folder !== own);
  const read = await Promise.all(folders.sort().map(readEnvironment));
  return read.filter((one) => one !== undefined);
}

/** An environment that cannot be read is the business of its own commands. */
async function readEnvironment(path: string): Promise<OtherEnvironment | undefined> {
  const text = await readText(join(path, 'cluster.env')).catch(() => undefined);
  const { STACK_NAME: stack = '', DEPLOY_MANAGER_HOST: managers = '' } = parse(text ?? '');
  return stack && managers ? { folder: relative(process.cwd(), path) || '.', stack, managers } : undefined;
}
