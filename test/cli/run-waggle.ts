import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';

export const MAIN = resolve(import.meta.dirname, '../../dist/main.cjs');

/** Runs the built CLI, which `npm run test:unit` builds, as a process of its own with only this environment. */
export function runWaggle(
  cwd: string,
  argv: readonly string[],
  env: Readonly<Record<string, string>> = {},
  nodeOptions: readonly string[] = [],
): SpawnSyncReturns<string> {
  if (!existsSync(MAIN)) throw new Error('there is no build to test: npm run build');
  return spawnSync('node', [...nodeOptions, MAIN, ...argv], {
    cwd,
    env: { PATH: process.env.PATH ?? '', HOME: cwd, ...env },
    encoding: 'utf8',
    timeout: 240_000,
  });
}
