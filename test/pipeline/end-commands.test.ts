import { expect, test, vi } from 'vitest';
import { endCommands } from '../../src/pipeline/end-commands.ts';
import type { RestoreContext } from '../../src/pipeline/step.ts';
import { ENGINE_SILENT } from '../../src/plan/render/render-scripts.ts';
import { DeployError } from '../../src/shared/errors.ts';

type Answer = { readonly exitCode: number; readonly stdout?: string; readonly stderr?: string } | Error;

const until = '2026-11-30T17:00:00.000Z';
const commandsAt = (...addresses: readonly string[]) => addresses.map((address) => ({ address, until }));

/** Managers by their addresses, and what each answers. */
function acting(answers: Readonly<Record<string, Answer>>) {
  const asked: string[] = [];
  const hosts = Object.entries(answers).map(([address, answer]) => ({
    address,
    remote: {
      run: async () => {
        asked.push(address);
        if (answer instanceof Error) throw answer;
        return { stdout: '', stderr: '', ...answer };
      },
    },
  }));
  const log = { info: () => {}, warn: vi.fn() };
  const restoring = { release: { stack: 'shop' }, tools: { hosts, log, mask: (text: string) => text } };
  return { restoring: restoring as unknown as RestoreContext, asked, log };
}

const FREE = { exitCode: 0 };
const BEGAN = { exitCode: 0, stdout: 'began\n' };
const GONE = new DeployError('UNREACHABLE', 'no route to host');

test.each([
  ['nothing was left', {}, [], [], []],
  ['it never began', { m1: FREE, m2: GONE }, ['m1'], ['m1'], []],
  ['it is over', { m1: BEGAN, m2: GONE }, ['m1'], ['m1'], []],
  ['it does not answer', { m1: GONE, m2: BEGAN }, ['m1'], ['m1'], ['m1: no route to host']],
  [
    'its engine does not',
    { m1: { exitCode: ENGINE_SILENT, stderr: 'hangs' } },
    ['m1'],
    ['m1'],
    ['m1: its engine does not answer: hangs'],
  ],
  [
    'it cannot be ended',
    { m1: { exitCode: 43, stderr: 'no' } },
    ['m1'],
    ['m1'],
    ['m1: it cannot be ended: no'],
  ],
  ['one of two', { m1: GONE, m2: BEGAN }, ['m1', 'm2'], ['m1', 'm2'], ['m1: no route to host']],
  ['known by another name', { m1: FREE, m2: BEGAN }, ['10.0.0.2'], ['m1', 'm2'], []],
  [
    'known by another name, and not found',
    { m1: FREE, m2: FREE },
    ['10.0.0.2'],
    ['m1', 'm2'],
    ['10.0.0.2: no manager of this name is in DEPLOY_MANAGER_HOST'],
  ],
  [
    'two of other names, of which one is found',
    { m1: FREE, m2: BEGAN },
    ['a', 'b'],
    ['m1', 'm2'],
    ['a', 'b'].map((name) => `${name}: no manager of this name is in DEPLOY_MANAGER_HOST`),
  ],
] as const)('a manager that may have a command: %s', async (_what, answers, left, asked, unseen) => {
  const { restoring, asked: were } = acting(answers);
  const found = await endCommands(restoring, { id: 'v2_1', left: commandsAt(...left) });
  expect(found.map(({ command: { address }, why }) => `${address}: ${why}`)).toEqual(unseen);
  expect(were).toEqual(asked);
});

test('what was under way is told; a lock that is lost ends it', async () => {
  const { restoring, log } = acting({
    m1: { exitCode: 0, stdout: '/home/deploy/.waggle/shop/v2_1/deploy-stack.yml\nbegan\n' },
  });
  expect(await endCommands(restoring, { id: 'v2_1', left: commandsAt('m1') })).toEqual([]);
  expect(log.warn).toHaveBeenCalledOnce();
  const lost = acting({ m1: new DeployError('LOCK_LOST', 'taken') }).restoring;
  await expect(endCommands(lost, { id: 'v2_1', left: commandsAt('m1') })).rejects.toThrow('taken');
});
