import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { runWaggle } from './run-waggle.ts';

const folder = mkdtempSync(join(tmpdir(), 'waggle-ending-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** As a library's socket or timer that nobody closed would. */
const LEFT_OPEN = 'data:text/javascript,setInterval(() => {}, 1e9)';

test.each([
  [['--version'], 0],
  [['plan', '--offline'], 3],
  [['--nope'], 64],
])('what is left open does not keep %j from ending', (argv, expected) => {
  const { status, stdout, stderr } = runWaggle(folder, argv, {}, ['--import', LEFT_OPEN]);
  expect(status).toBe(expected);
  expect(stdout + stderr).not.toBe('');
});
