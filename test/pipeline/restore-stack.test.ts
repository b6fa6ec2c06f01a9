import { expect, test } from 'vitest';
import { restoreStack } from '../../src/pipeline/restore-stack.ts';
import type { RestoreContext } from '../../src/pipeline/step.ts';
import { DeployError } from '../../src/shared/errors.ts';
import type { NewNetwork } from '../../src/shared/network.ts';
import { silentLog } from '../../src/shared/recording-log.ts';
import type { ServiceSpec } from '../../src/shared/service-spec.ts';
import type { SwarmService } from '../../src/shared/swarm.ts';
import { release } from '../fakes/inputs.ts';
import { network, service, task } from '../fakes/swarm.ts';

/** Watched for a millisecond. */
const specOf = (version: string) =>
  ({ Name: 'shop_api', Labels: { version }, UpdateConfig: { Monitor: 1e6 } }) as unknown as ServiceSpec;
const before = {
  services: [service('shop_api', { spec: specOf('old') })],
  networks: [],
  used: [],
  templates: [],
  taskIds: new Set<string>(),
  running: new Map([['shop_api', 1]]),
};

const replicas = (Replicas: number) => ({ Mode: { Replicated: { Replicas } } });

/** A cluster of one service; `late`: what is pushed by something else when it has been put back, one after the other. */
function cluster(late: (readonly [afterMs: number, version: string])[], now = 'new') {
  let live: SwarmService = service('shop_api', { spec: specOf(now) });
  const pushed: unknown[] = [];
  const push = (spec: ServiceSpec) => {
    live = { ...live, spec, version: live.version + 1, update: { state: 'completed', message: '' } };
  };
  const soon = () => {
    const [next, ...rest] = late;
    late = rest;
    if (next) setTimeout(() => push(specOf(next[1])), next[0]);
  };
  if (now === 'old') soon();
  const swarm = {
    readServices: async () => [live],
    readNetworks: async () => [],
    readObjects: async () => [],
    readTasks: async () => [task({ serviceId: live.id })],
    readNodes: async () => [],
    updateService: async (_id: string, spec: ServiceSpec) => {
      pushed.push(spec.Labels?.version);
      push(spec);
      soon();
    },
  };
  const tools = { swarm, log: silentLog, signal: new AbortController().signal };
  // What is never put back is given up soon enough for a test.
  const settings = { ...release().settings, DEPLOY_TIMEOUT: 60 };
  const acting = { release: { ...release(), stack: 'shop', settings }, tools } as unknown as RestoreContext;
  return { acting, pushed, version: () => live.spec.Labels?.version };
}

test.each([
  ['what is new', 'new', [], 0, true, 1],
  ['nothing', 'old', [], 0, false, 0],
  ['what comes late from a command that was ended', 'new', [[5, 'new']], 600, true, 2],
  ['what comes later from one that cannot be seen', 'new', [[300, 'new']], 1500, true, 2],
  ['what comes although nothing had changed', 'old', [[300, 'new']], 1500, true, 1],
] as const)('%s is put back, and stays so', async (_what, now, late, quietMs, hasChanged, pushes) => {
  const { acting, pushed, version } = cluster([...late], now);
  expect(await restoreStack(acting, before, { quietMs, isEvery: false })).toBe(hasChanged);
  expect(version()).toBe('old');
  expect(pushed).toEqual(Array(pushes).fill('old'));
});

test('what is pushed again and again is told, not put back for ever', async () => {
  const { acting } = cluster([], 'new');
  const { swarm } = acting.tools;
  const stubborn = { ...swarm, updateService: async () => {} };
  const { release: read } = acting;
  const settings = { ...read.settings, DEPLOY_TIMEOUT: 1 };
  const hopeless = { ...acting, release: { ...read, settings }, tools: { ...acting.tools, swarm: stubborn } };
  await expect(
    restoreStack(hopeless as typeof acting, before, { quietMs: 0, isEvery: false }),
  ).rejects.toMatchObject({
    code: 'RESTORE_FAILED',
    details: ['shop_api: label version old -> new'],
  });
});

test('a service whose secret is gone for good is left alone and told; all others are put back', async () => {
  const { acting, pushed, version } = cluster([], 'new');
  const Secrets = [{ SecretID: 's1', SecretName: 'shop_key_v1' }];
  const spec = { Name: 'shop_web', TaskTemplate: { ContainerSpec: { Secrets } } };
  const web = service('shop_web', { spec: { Name: 'shop_web' } });
  const { swarm } = acting.tools;
  const readServices = async () => [...(await swarm.readServices('shop')), web];
  const readTasks = async () => [task({ serviceId: 'id-shop_api' })];
  const without = { ...acting, tools: { ...acting.tools, swarm: { ...swarm, readServices, readTasks } } };
  const recorded = { ...before, services: [...before.services, service('shop_web', { spec })] };
  await expect(restoreStack(without, recorded, { quietMs: 0, isEvery: false })).rejects.toMatchObject({
    code: 'RESTORE_FAILED',
    details: ['cannot restore shop_web: the secret shop_key_v1 no longer exists'],
    hint: expect.stringContaining('docker secret create'),
  });
  expect([version(), pushed]).toEqual(['old', ['old']]);
});

test('a network that the manager lists for a while after it is gone is made again when it is seen to be', async () => {
  const { acting, version } = cluster([], 'new');
  const on = (Target: string) => ({ ...specOf('old'), TaskTemplate: { Networks: [{ Target }] } });
  const inside = network('shop_inside');
  let networks = [inside];
  const { swarm } = acting.tools;
  const stale = {
    ...swarm,
    readNetworks: async () => networks,
    createNetwork: async (made: NewNetwork) => void networks.push({ ...made, id: 'again' }),
    updateService: async (id: string, spec: ServiceSpec) => {
      const [target] = spec.TaskTemplate?.Networks ?? [];
      if (target?.Target === 'again') return swarm.updateService(id, spec);
      networks = [];
      throw new DeployError('DEPLOY_FAILED', 'network id-shop_inside not found');
    },
  };
  const recorded = {
    ...before,
    services: [service('shop_api', { spec: on(inside.id) })],
    networks: [inside],
  };
  const without = { ...acting, tools: { ...acting.tools, swarm: stale } };
  expect(await restoreStack(without as typeof acting, recorded, { quietMs: 0, isEvery: false })).toBe(true);
  expect([version(), networks.map(({ id }) => id)]).toEqual(['old', ['again']]);
});

test('a service that somebody makes while it is waited for is removed, not waited for', async () => {
  const { acting, version } = cluster([], 'new');
  const { swarm } = acting.tools;
  let strangers: SwarmService[] = [];
  const visited = {
    ...swarm,
    readServices: async () => [...(await swarm.readServices('shop')), ...strangers],
    updateService: async (id: string, spec: ServiceSpec) => {
      await swarm.updateService(id, spec);
      strangers = [service('shop_stranger')];
    },
    removeService: async () => {
      strangers = [];
    },
  };
  const watched = { ...acting, tools: { ...acting.tools, swarm: visited } };
  expect(await restoreStack(watched as typeof acting, before, { quietMs: 0, isEvery: false })).toBe(true);
  expect([version(), strangers]).toEqual(['old', []]);
});

test('what sets the scale while the stack is put back is not fought, where the scale is its', async () => {
  const scaled = {
    ...before,
    services: [service('shop_api', { spec: { ...specOf('old'), ...replicas(2) } })],
  };
  const { acting } = cluster([], 'old');
  const { swarm } = acting.tools;
  const live = service('shop_api', { wanted: 3, spec: { ...specOf('old'), ...replicas(3) } });
  const tasks = [1, 2, 3].map((slot) => task({ id: `t${slot}`, slot, serviceId: live.id }));
  const stubborn = {
    ...swarm,
    readServices: async () => [live],
    readTasks: async () => tasks,
    updateService: async () => {},
  };
  const settings = { ...acting.release.settings, DEPLOY_TIMEOUT: 1, KEEP_LIVE_SCALE: true };
  const theirs = { release: { ...acting.release, settings }, tools: { ...acting.tools, swarm: stubborn } };
  expect(await restoreStack(theirs as typeof acting, scaled, { quietMs: 0, isEvery: false })).toBe(true);
});

test.each([
  ['once, it is asked for once more', 1, 'back'],
  ['again, that is told', 2, 'shop_api: Swarm paused its update: a task failed'],
])('what Swarm stops on the way back: %s', async (_what, times, expected) => {
  const { acting } = cluster([], 'new');
  const { swarm } = acting.tools;
  let left = times;
  let isPaused = false;
  const update = { state: 'paused', message: 'a task failed' };
  const stopping = {
    ...swarm,
    readServices: async () =>
      (await swarm.readServices('shop')).map((one) => (isPaused ? { ...one, update } : one)),
    updateService: async (id: string, spec: ServiceSpec) => {
      isPaused = left-- > 0;
      await swarm.updateService(id, spec);
    },
  };
  const stopped = { ...acting, tools: { ...acting.tools, swarm: stopping } };
  const outcome = restoreStack(stopped as typeof acting, before, { quietMs: 0, isEvery: false }).then(
    () => 'back',
    ({ message }) => message,
  );
  expect(await outcome).toBe(expected);
});
