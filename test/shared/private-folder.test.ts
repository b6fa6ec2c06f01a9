import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { PrivateFolder, removeLeftOver } from '../../src/shared/private-folder.ts';

const SOURCE = resolve(import.meta.dirname, '../../src/shared/private-folder.ts');
const RUN = `import(${JSON.stringify(SOURCE)}).then(async ({ PrivateFolder }) => {
  console.log((await PrivateFolder.make()).path);
  setInterval(() => {}, 1000);
});`;

let folder = '';
const runs: ChildProcess[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'private-test-'));
  vi.stubEnv('TMPDIR', folder);
});
afterEach(() => {
  vi.unstubAllEnvs();
  for (const run of runs.splice(0)) run.kill('SIGKILL');
  rmSync(folder, { recursive: true });
});

const left = () => readdirSync(folder).filter((name) => name.startsWith('waggle-'));

/** A run, as in a container that shares this folder where processes have ids of their own. */
async function start(wrap: readonly string[] = []): Promise<{ run: ChildProcess; path: string }> {
  const [program = '', ...argv] = [...wrap, 'node', '--import', 'tsx', '-e', RUN];
  const run = spawn(program, argv, { stdio: ['ignore', 'pipe', 'inherit'] });
  runs.push(run);
  const [path] = await once(run.stdout as NonNullable<typeof run.stdout>, 'data');
  return { run, path: String(path).trim() };
}

test.each([
  ['of this machine', []],
  ['of a container with its own process ids', ['unshare', '--pid', '--fork', '--kill-child']],
])(
  'a run %s keeps its folder while it lives, also stopped, and not once it is killed',
  async (_what, wrap) => {
    const { run, path } = await start(wrap);
    expect(statSync(path).mode & 0o777).toBe(0o700);
    await removeLeftOver();
    expect(existsSync(path)).toBe(true);
    if (wrap.length === 0) {
      run.kill('SIGSTOP');
      await removeLeftOver();
      expect(existsSync(path)).toBe(true);
    }
    run.kill('SIGKILL');
    await once(run, 'exit');
    await vi.waitFor(async () => {
      await removeLeftOver();
      expect(left()).toEqual([]);
    });
  },
);

test('it is gone when it is disposed of, and keeps no process alive', async () => {
  const one = await PrivateFolder.make();
  const other = await PrivateFolder.make();
  expect(left()).toHaveLength(2);
  await one[Symbol.asyncDispose]();
  await other[Symbol.asyncDispose]();
  expect(left()).toEqual([]);
});

test('where a socket cannot be, it is said before anything is written', async () => {
  const deep = join(folder, 'x'.repeat(90));
  mkdirSync(deep);
  vi.stubEnv('TMPDIR', deep);
  await expect(PrivateFolder.make()).rejects.toMatchObject({ code: 'PREFLIGHT_FAILED' });
  expect([...left(), ...readdirSync(deep)]).toEqual([]);
});
