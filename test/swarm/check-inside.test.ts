import { expect, test } from 'vitest';
import { silentLog } from '../../src/shared/recording-log.ts';
import type { SwarmTask } from '../../src/shared/swarm.ts';
import { checkInside } from '../../src/swarm/check-inside.ts';
import { overrunning } from '../../src/swarm/overrunning.ts';
import { node, service, task } from '../fakes/swarm.ts';

const job = service('check_api', {
  spec: {
    Name: 'check_api',
    Mode: { ReplicatedJob: { TotalCompletions: 1 } },
    TaskTemplate: { RestartPolicy: { Condition: 'on-failure', MaxAttempts: 2 } },
  },
});

/** One check, whose tasks are these as long as it is looked at. */
async function outcome(tasks: readonly SwarmTask[]): Promise<string> {
  const live = [job];
  const swarm = {
    readServices: async () => live,
    readTasks: async () => tasks.map((one) => ({ ...one, serviceId: job.id })),
    readNodes: async () => [node('m1')],
    readTaskLog: async () => [],
    createService: async () => void live.push(job),
    removeService: async () => void live.pop(),
  };
  const { signal } = new AbortController();
  const mask = (text: string) => text;
  const nobody = { hosts: [], hostNamed: () => ({}) as never };
  const wait = { ...nobody, log: silentLog, mask, signal, timeoutMs: 60_000, progressMs: 300, runMs: 400 };
  return checkInside({ ...wait, swarm: swarm as never, stack: 'check', checks: [job.spec] }).then(
    () => 'well',
    ({ code, message }) => `${code}: ${message}`,
  );
}

const failed = (at: number, exitCode: number) =>
  task({ id: `t${at}`, state: 'failed', desiredState: 'shutdown', exitCode });

test.each([
  ['ends well', [task({ state: 'complete' })], 'well'],
  ['fails each time', [1, 2, 3].map((at) => failed(at, 1)), 'UNHEALTHY: a check inside the cluster failed'],
  [
    'is no program of the image',
    [1, 2, 3].map((at) => failed(at, 127)),
    'HEALTH_UNKNOWN: .* could not be run',
  ],
  ['runs without an end', [task()], 'UNHEALTHY: .* did not end within 0.4 s'],
  ['is never begun', [task({ state: 'pending' })], 'HEALTH_UNKNOWN: .* could not be run'],
  [
    'was on a node that is gone, and is never begun again',
    [task({ desiredState: 'shutdown' }), task({ id: 't2', state: 'pending' })],
    'HEALTH_UNKNOWN: .* could not be run',
  ],
])('a check that %s', async (_what, tasks, expected) => {
  expect(await outcome(tasks)).toMatch(new RegExp(`^${expected}`));
});

test('each run of a check has its own time', () => {
  let now = 0;
  const find = overrunning(1000, () => now);
  const seen = [
    [0, 'first', 0],
    [1000, 'first', 0],
    [1001, 'second', 0],
    [2001, 'second', 0],
    [2002, 'second', 1],
  ] as const;
  for (const [time, id, found] of seen) {
    now = time;
    const look = { service: job, tasks: [task({ id })], verdict: { kind: 'converged' } } as const;
    expect(find([look]), `at ${time}`).toHaveLength(found);
  }
});
