import { expect, test } from 'vitest';
import type { Swarm } from '../../src/shared/swarm.ts';
import { explainFailure } from '../../src/swarm/explain-failure.ts';
import { node, service, task } from '../fakes/swarm.ts';

test('the task that Swarm gives as its reason tells more than one that is on its way', async () => {
  const update = { state: 'paused', message: 'update paused due to failure or early termination of task t2' };
  const swarm = {
    readServices: async () => [service('shop_api', { update })],
    readTasks: async () => [
      task({ id: 't1', serviceId: 'id-shop_api', state: 'preparing' }),
      task({
        ...{ id: 't2', serviceId: 'id-shop_api', nodeId: 'id-m2' },
        ...{ state: 'shutdown', desiredState: 'shutdown' },
      }),
    ],
    readNodes: async () => [node('m1'), node('m2', { availability: 'drain', usable: false })],
    readTaskLog: async () => [],
  } as unknown as Swarm;
  const before = { services: [], taskIds: new Set<string>() };
  const seen = await explainFailure({
    ...{
      swarm,
      hosts: [],
      hostNamed: () => {
        throw new Error('no node is asked');
      },
    },
    ...{ stack: 'shop', before, mask: (text) => text },
  });
  expect(seen).toContainEqual(
    expect.stringContaining('shop_api: m2 is drained: Swarm stopped the task for it'),
  );
});
