import { expect, test, vi } from 'vitest';
import { DeployError } from '../../src/shared/errors.ts';
import type { Swarm } from '../../src/shared/swarm.ts';
import { restoreNetworks } from '../../src/swarm/restore-stack.ts';
import { EMPTY_SNAPSHOT, network, service } from '../fakes/swarm.ts';

const inside = network('shop_inside');
const snapshot = { ...EMPTY_SNAPSHOT, networks: [inside] };

/** A stack with a network more; its last task takes so long to leave that. */
function cluster(leavesMs = 0, services = [service('shop_api')]) {
  const end = performance.now() + leavesMs;
  let networks = [network('shop_inside', { id: 'made-again' }), network('shop_new')];
  const swarm = {
    readNetworks: async () => networks,
    readServices: async () => services,
    removeNetwork: async (id: string) => {
      if (performance.now() < end) throw new DeployError('DEPLOY_FAILED', 'it is in use by a task');
      networks = networks.filter((one) => one.id !== id);
    },
  } as unknown as Swarm;
  return { swarm, left: () => networks.map(({ id }) => id) };
}

test('a network that is new goes, one that was made again stays', async () => {
  const { swarm, left } = cluster();
  expect(await restoreNetworks(swarm, 'shop', snapshot, 1_000)).toBe(true);
  expect(left()).toEqual(['made-again']);
});

test('one that a service is on, as it could not be put back, stays', async () => {
  const spec = { Name: 'shop_api', TaskTemplate: { Networks: [{ Target: 'id-shop_new' }] } };
  const { swarm, left } = cluster(0, [service('shop_api', { spec })]);
  expect(await restoreNetworks(swarm, 'shop', snapshot, 1_000)).toBe(false);
  expect(left()).toEqual(['made-again', 'id-shop_new']);
});

test.each([
  ['as long as its tasks take to stop', 200_000, 300_000, true],
  ['not for ever', 300_000, 100_000, 'DEPLOY_FAILED'],
])('one that is in use is waited for: %s', async (_what, leavesMs, timeoutMs, expected) => {
  vi.useFakeTimers();
  try {
    const { swarm } = cluster(leavesMs);
    const outcome = restoreNetworks(swarm, 'shop', snapshot, timeoutMs).catch(({ code }) => code);
    await vi.advanceTimersByTimeAsync(400_000);
    expect(await outcome).toBe(expected);
  } finally {
    vi.useRealTimers();
  }
});
