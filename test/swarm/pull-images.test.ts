import { expect, test } from 'vitest';
import type { Pull } from '../../src/plan/placement/plan-pulls.ts';
import { silentLog } from '../../src/shared/chronicle.ts';
import type { Swarm } from '../../src/shared/swarm.ts';
import { pullImages } from '../../src/swarm/pull-images.ts';
import { service, task } from '../fakes/swarm.ts';

/** A Swarm of one node, on which a pull is rejected so often. */
function cluster(rejections: number) {
  let live: ReturnType<typeof service>[] = [];
  let begun = 0;
  const swarm = {
    readServices: async () => live,
    createService: async () => {
      begun++;
      live = [service('pull_0')];
    },
    removeService: async () => {
      live = [];
    },
    readTasks: async () => {
      const state = begun <= rejections ? 'rejected' : 'failed';
      return live.map(({ id }) =>
        task({ serviceId: id, nodeId: 'n1', state, error: 'No such image: r.io/a:1' }),
      );
    },
  } as unknown as Swarm;
  const pulls = [
    { image: 'r.io/a:1', nodes: ['n1'], spec: { Name: 'pull_0' } },
  ] as unknown as readonly Pull[];
  const { signal } = new AbortController();
  const pull = () =>
    pullImages({ swarm, stack: 's', pulls, nameOf: () => 'm1', signal, timeoutMs: 60_000, log: silentLog });
  return { pull, begun: () => begun, left: () => live };
}

test('a node that could not pull tries again: a registry may hang up at any time', async () => {
  const { pull, begun, left } = cluster(2);
  await pull();
  expect(begun()).toBe(3);
  expect(left()).toEqual([]);
});

test('not for ever: then the node is named, and nothing is left', async () => {
  const { pull, begun, left } = cluster(9);
  await expect(pull()).rejects.toMatchObject({
    code: 'DEPLOY_FAILED',
    message: 'r.io/a:1 cannot be pulled',
    details: ['m1: No such image: r.io/a:1'],
  });
  expect(begun()).toBe(3);
  expect(left()).toEqual([]);
});
