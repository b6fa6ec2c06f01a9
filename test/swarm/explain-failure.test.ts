import { expect, test } from 'vitest';
import type { Swarm, SwarmTask } from '../../src/shared/swarm.ts';
import { explainFailure, type Failure } from '../../src/swarm/explain-failure.ts';
import { node, service, task } from '../fakes/swarm.ts';

/** What is said of a cluster of which `readNodes` alone does not answer at once. */
function explain(readNodes: Swarm['readNodes'], tasks: readonly SwarmTask[], options: Partial<Failure> = {}) {
  const update = { state: 'paused', message: 'update paused due to failure or early termination of task t2' };
  const swarm = {
    readServices: async () => [service('shop_api', { update })],
    readTasks: async () => tasks,
    readNodes,
    readTaskLog: async () => [],
  } as unknown as Swarm;
  return explainFailure({
    ...{ swarm, stack: 'shop', before: { services: [], taskIds: new Set<string>() } },
    ...{ hosts: [], signal: new AbortController().signal },
    hostNamed: () => {
      throw new Error('no node is asked');
    },
    ...options,
  });
}

test('the task that Swarm gives as its reason tells more than one that is on its way', async () => {
  const nodes = [node('m1'), node('m2', { availability: 'drain', usable: false })];
  const seen = await explain(
    async () => nodes,
    [
      task({ id: 't1', serviceId: 'id-shop_api', state: 'preparing' }),
      task({
        ...{ id: 't2', serviceId: 'id-shop_api', nodeId: 'id-m2' },
        ...{ state: 'shutdown', desiredState: 'shutdown' },
      }),
    ],
  );
  expect(seen).toContainEqual(
    expect.stringContaining('shop_api: m2 is drained: Swarm stopped the task for it'),
  );
});

test('a task that Swarm stopped while it started is not the failure of its program', async () => {
  const own = { serviceId: 'id-shop_api' };
  const seen = await explain(
    async () => [node('m1'), node('m2', { availability: 'drain', usable: false })],
    [
      task({
        ...{ ...own, id: 't1', state: 'failed', desiredState: 'shutdown', exitCode: 128 },
        error: 'starting container failed: context canceled',
      }),
      task({
        ...own,
        id: 't3',
        nodeId: '',
        state: 'pending',
        error: 'no suitable node (1 node not available)',
      }),
    ],
  );
  expect(seen).toContainEqual(expect.stringContaining('a task pending'));
});

const LOST = [task({ id: 't1', serviceId: 'id-shop_api', nodeId: 'id-m2', state: 'assigned' })];

test('a Swarm that elects another leader just then is asked again', async () => {
  let asked = 0;
  const seen = await explain(async () => {
    if (++asked === 1) throw new Error('The swarm does not have a leader');
    return [node('m1'), node('m2', { state: 'down', usable: false })];
  }, LOST);
  expect(seen).toContainEqual(
    expect.stringContaining('shop_api: m2 is down, and Swarm left the task with it'),
  );
});

test('that it cannot be asked is said', async () => {
  const signal = AbortSignal.abort(new Error('no leader'));
  expect(await explain(async () => [], LOST, { signal })).toEqual([
    'why is not known, the manager could not be asked: no leader',
  ]);
});
