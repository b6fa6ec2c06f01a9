import { expect, test } from 'vitest';
import { silentLog } from '../../src/shared/recording-log.ts';
import { awaitStack } from '../../src/swarm/await-stack.ts';
import { endedTaskMemory } from '../../src/swarm/ended-task-memory.ts';
import { requireRecoverable } from '../../src/swarm/judge-stack.ts';
import { service, task } from '../fakes/swarm.ts';

const failed = (id: string) => task({ id, state: 'failed', desiredState: 'shutdown' });
const next = (id: string) => task({ id, state: 'starting' });
const other = service('a', { spec: { Name: 'a', Labels: { changed: 'yes' } } });
/** Swarm notes how an update gets on as a version of its own. */
const noted = service('a', { version: 2, update: { state: 'updating', message: '' } });

test.each([
  ['one that Swarm has forgotten', service('a'), [[failed('t1'), next('t2')], [next('t2')]], ['t2', 't1']],
  ['what Swarm notes is no other spec', noted, [[failed('t1')], [next('t2')]], ['t2', 't1']],
  ['as it is listed now', service('a'), [[next('t1')], [failed('t1')]], ['t1']],
  ['none that only was stopped', service('a'), [[task({ id: 't1' })], [next('t2')]], ['t2']],
  ['none of another spec', other, [[failed('t1')], [next('t2')]], ['t2']],
  ['none of another service', service('b'), [[failed('t1')], [next('t2')]], ['t2']],
])('ended tasks are remembered: %s', (_what, later, [first = [], second = []], expected) => {
  const remember = endedTaskMemory();
  remember(service('a'), first);
  expect(remember(later, second).map(({ id }) => id)).toEqual(expected);
});

test('three failures of which Swarm shows one at a time are a crash loop', async () => {
  let looks = 0;
  const swarm = {
    readServices: async () => [service('a')],
    readTasks: async () => [failed(`t${looks++}`), next('new')],
    readNodes: async () => [],
  };
  const isDone = (seen: Parameters<typeof requireRecoverable>[0]) => {
    requireRecoverable(seen, 'NOT_CONVERGED');
    return looks > 5;
  };
  const { signal } = new AbortController();
  const wait = { stack: 'a', log: silentLog, signal, timeoutMs: 60_000, progressMs: 60_000, isDone };
  await expect(awaitStack({ ...wait, swarm: swarm as never })).rejects.toThrow('3 times it failed');
});
