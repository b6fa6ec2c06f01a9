// Proves: the first of the README's two commands works on a fresh copy, and says how to remove what it leaves.
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { docker, ensureEngine } from '../../src/lab/engine.ts';
import { labDown } from '../../src/lab/lab.ts';
import { localShell } from '../../src/shared/shell.ts';
import { labName } from '../lab/lab.ts';
import { shown } from '../lab/shown.ts';

/** What somebody sees who has just cloned this: the first of the README's two commands; the second runs this test. */
const ROOT = resolve(import.meta.dirname, '../..');
const NOT_CLONED = /\/(node_modules|dist|\.git)$/;
const name = `${labName()}-demo`;
const clone = mkdtempSync(join(tmpdir(), 'waggle-clone-'));

afterAll(async () => {
  await labDown(name);
  rmSync(clone, { recursive: true });
});

async function run(command: string): Promise<string> {
  const { exitCode, stdout, stderr } = await localShell(['sh', '-c', shown(command)], {
    cwd: clone,
    // Not one of the labs of the tests' workers.
    env: { WAGGLE_LAB: name, VITEST_POOL_ID: '' },
  });
  expect(exitCode, stdout + stderr).toBe(0);
  return stdout;
}

test('the demo deploys the reference stack, shows it, and says how to remove it', async () => {
  cpSync(ROOT, clone, { recursive: true, filter: (path) => !NOT_CLONED.test(path) });
  const said = await run('./scripts/demo');
  expect(said).toMatch(/ shop_api .* 3\/3 /);
  expect(said).toContain('"service":"api"');
  expect(said).toMatch(/try:\n.* lab sh .*\n.* waggle deploy .*\n.* lab down .*\n$/);
  const containers = ['ps', '--all', '--quiet', '--filter', `label=waggle.lab=${name}`];
  expect(await docker(await ensureEngine(), containers)).not.toBe('');
  await run('npm run lab -- down');
  expect(await docker(await ensureEngine(), containers)).toBe('');
});
