import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, expect, test, vi } from 'vitest';
import { hookFailure, hookStep, onRollback } from '../../src/pipeline/steps/run-hook.ts';
import type { HookName } from '../../src/plan/release/plan-hooks.ts';
import { DeployError } from '../../src/shared/errors.ts';
import { mapLog } from '../../src/shared/log.ts';
import { localShell } from '../../src/shared/shell.ts';
import { planned, release } from '../fakes/inputs.ts';
import { maskOf } from '../fakes/mask.ts';

const folder = mkdtempSync(join(tmpdir(), 'hooks-'));
afterAll(() => rmSync(folder, { recursive: true }));
const [info, warn] = [vi.fn(), vi.fn()];
beforeEach(() => vi.clearAllMocks());

const tools = {
  local: localShell,
  log: mapLog({ debug: vi.fn(), info, warn, error: vi.fn() }, maskOf('hunter2-secret')),
  mask: maskOf('hunter2-secret'),
  signal: new AbortController().signal,
} as never;

function withHook(name: HookName, script: string) {
  const path = join(folder, name);
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
  return { ...release(), hooks: { [name]: { path, digest: '' } } };
}
const said = () => info.mock.calls.map(([line]) => line);

test('a hook is told what is deployed, and heard line by line, so that the log can hide secrets', async () => {
  const planned = withHook(
    'pre-deploy',
    'echo "$WAGGLE_HOOK of $WAGGLE_STACK $WAGGLE_TAG"; printf hunter2-; sleep 0.2; echo secret',
  );
  await hookStep('pre-deploy').run({ release: planned, tools } as never);
  expect(said()).toEqual([
    'pre-deploy | pre-deploy of shop abc1234',
    expect.stringMatching(/^pre-deploy \| \S+$/),
  ]);
  expect(said().join()).not.toContain('hunter2');
});

test('one that fails says so, with its last words', async () => {
  const planned = withHook('pre-build', 'echo no ticket hunter2-secret >&2; exit 3');
  const failure = await hookStep('pre-build')
    .run({ release: planned, tools } as never)
    .catch((error) => error);
  expect(failure).toMatchObject({ code: 'HOOK_FAILED', message: 'the hook pre-build ended with 3' });
  expect(failure.details).toEqual(['no ticket hunter2-secret']);
});

test('a hook that is not there is no step', () => {
  expect(hookStep('pre-build').describe(release())).toEqual([]);
  expect(hookStep('pre-build').describe(withHook('pre-build', ''))).toEqual([join(folder, 'pre-build')]);
});

test('on the way back a hook that fails only warns', async () => {
  const planned = withHook('on-rollback', 'exit 4');
  await onRollback.undo?.({ release: planned, tools } as never);
  expect(warn).toHaveBeenCalledWith('the hook on-rollback ended with 4');
});

test('on-failure is told what failed', async () => {
  const planned = withHook('on-failure', 'echo "$WAGGLE_FAILURE: $WAGGLE_REASON"');
  await hookFailure(planned, tools, new DeployError('UNHEALTHY', 'it answered 503'));
  expect(said()).toEqual(['on-failure | UNHEALTHY: it answered 503']);
});

test('files that would never be run are problems', () => {
  const hooks = [
    { name: 'pre-deploy', isExecutable: true, digest: '' },
    { name: 'post-deploy', isExecutable: false, digest: '' },
    { name: 'pre-dploy', isExecutable: true, digest: '' },
  ];
  const plan = () => planned({ hooks }).release();
  expect(plan).toThrow(
    expect.objectContaining({
      details: [
        expect.stringContaining('deploy/hooks/post-deploy: cannot be run: chmod +x'),
        expect.stringMatching(/deploy\/hooks\/pre-dploy: is not a hook.*did you mean pre-deploy\?/),
      ],
    }),
  );
});
