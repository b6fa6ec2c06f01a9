import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, expect, test } from 'vitest';

const ROOT = resolve(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'waggle-ending-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** As a library's socket or timer that nobody closed would. */
const LEFT_OPEN = 'data:text/javascript,setInterval(() => {}, 1e9)';

test.each([
  [['--version'], 0],
  [['plan', '--offline'], 3],
  [['--nope'], 64],
])('what is left open does not keep %j from ending', (argv, expected) => {
  const imports = [LEFT_OPEN, join(ROOT, 'node_modules/tsx/dist/loader.mjs')].flatMap((one) => [
    '--import',
    one,
  ]);
  const { status, stdout, stderr } = spawnSync('node', [...imports, join(ROOT, 'src/main.ts'), ...argv], {
    cwd: folder,
    env: { PATH: process.env.PATH ?? '', HOME: folder },
    encoding: 'utf8',
    timeout: 120_000,
  });
  expect(status).toBe(expected);
  expect(stdout + stderr).not.toBe('');
});
