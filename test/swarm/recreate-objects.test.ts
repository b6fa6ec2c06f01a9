import { describe, expect, test } from 'vitest';
import type { NewNetwork } from '../../src/shared/network.ts';
import type { ServiceSpec } from '../../src/shared/service-spec.ts';
import type { NewObject, Swarm } from '../../src/shared/swarm.ts';
import { type NamedObjects, planNetworks } from '../../src/swarm/plan-recreate.ts';
import type { Snapshot } from '../../src/swarm/plan-restore.ts';
import { recreateObjects } from '../../src/swarm/recreate-objects.ts';
import { takeSnapshot } from '../../src/swarm/restore-stack.ts';
import { network, service } from '../fakes/swarm.ts';

const spec: ServiceSpec = {
  Name: 'shop_api',
  TaskTemplate: {
    ContainerSpec: {
      Secrets: [{ SecretID: 's1', SecretName: 'shop_key_v1' }],
      Configs: [{ ConfigID: 'c1', ConfigName: 'shop_app_v1' }],
    },
    Networks: [{ Target: 'n1', Aliases: ['api'] }, { Target: 'x1' }],
  },
};
const object = (id: string, name: string) => ({ id, name, labels: { of: name }, createdAt: '' });
const config = { ...object('c1', 'shop_app_v1'), templating: 'golang', data: 'b25l' };
const inside = network('shop_inside', { id: 'n1', attachable: true });
const edge = network('edge', { id: 'x1', labels: {} });
const whole: NamedObjects = {
  networks: [inside, edge],
  secrets: [object('s1', 'shop_key_v1')],
  configs: [config],
};

/** A cluster that has these; what is made gets an id of its own. */
function cluster(start: Partial<NamedObjects> = {}) {
  const has = { ...whole, ...start };
  const lists = { networks: [...has.networks], secrets: [...has.secrets], configs: [...has.configs] };
  const made: unknown[] = [];
  const swarm = {
    readServices: async () => [service('shop_api', { spec })],
    readTasks: async () => [],
    readNetworks: async (stack?: string) => lists.networks.filter(({ id }) => !stack || id !== 'x1'),
    readObjects: async (kind: 'secret' | 'config') => lists[`${kind}s`],
    createNetwork: async (one: NewNetwork) => {
      made.push(one);
      lists.networks.push({ ...one, id: `${one.name}-new` });
    },
    createObject: async (kind: 'secret' | 'config', { name, value, labels, templating }: NewObject) => {
      made.push({ kind, name, value: value.toString(), labels, templating });
      lists[`${kind}s`].push({ ...object(`${name}-new`, name), labels });
    },
  } as unknown as Swarm;
  return { swarm, made };
}

const snapshot = (): Promise<Snapshot> => takeSnapshot(cluster().swarm, 'shop', { ...whole, records: [] });
const nobody = async () => undefined;
const targets = ({ services }: Snapshot) =>
  services.flatMap(({ spec: { TaskTemplate } }) => TaskTemplate?.Networks ?? []);

test('a snapshot has all that it takes to make again what services name', async () => {
  const { networks, used } = await snapshot();
  expect(networks).toEqual([inside, edge]);
  expect(used).toEqual([
    { ...object('s1', 'shop_key_v1'), kind: 'secret' },
    { ...config, kind: 'config' },
  ]);
});

test('where nothing was removed nothing is made, and all stays as it is', async () => {
  const { swarm, made } = cluster();
  const before = await snapshot();
  expect(await recreateObjects(swarm, 'shop', before, nobody)).toEqual({
    before,
    stranded: new Set(),
    gone: [],
    failures: [],
    hasChanged: false,
  });
  expect(made).toEqual([]);
});

test('a network of the stack that is gone is made again, and the specs name the new one', async () => {
  const { swarm, made } = cluster({ networks: [edge] });
  const remade = await recreateObjects(swarm, 'shop', await snapshot(), nobody);
  expect(made).toEqual([
    {
      name: 'shop_inside',
      driver: 'overlay',
      options: {},
      internal: false,
      attachable: true,
      labels: { 'com.docker.stack.namespace': 'shop' },
      ipv6: false,
      ipam: { Driver: 'default' },
    },
  ]);
  expect(remade).toMatchObject({ gone: [], hasChanged: true, stranded: new Set() });
  expect(targets(remade.before)).toEqual([{ Target: 'shop_inside-new', Aliases: ['api'] }, { Target: 'x1' }]);
});

test('one that somebody made again by hand is taken, whosever it is', async () => {
  const networks = [network('shop_inside', { id: 'n2' }), network('edge', { id: 'x2', labels: {} })];
  const { swarm, made } = cluster({ networks, secrets: [object('s2', 'shop_key_v1')] });
  const { before, gone } = await recreateObjects(swarm, 'shop', await snapshot(), nobody);
  expect([made, gone]).toEqual([[], []]);
  expect(targets(before).map(({ Target }) => Target)).toEqual(['n2', 'x2']);
  const [api] = before.services;
  expect(api?.spec.TaskTemplate?.ContainerSpec?.Secrets).toEqual([
    { SecretID: 's2', SecretName: 'shop_key_v1' },
  ]);
});

test('a config is made again of what was recorded, a secret of a value that is known to be the same', async () => {
  const { swarm, made } = cluster({ secrets: [], configs: [] });
  const { gone, before } = await recreateObjects(
    swarm,
    'shop',
    await snapshot(),
    async ({ name, data = '' }) => Buffer.from(`${name} ${data}`),
  );
  expect(gone).toEqual([]);
  expect(made).toEqual([
    { kind: 'secret', name: 'shop_key_v1', value: 'shop_key_v1 ', labels: { of: 'shop_key_v1' } },
    {
      kind: 'config',
      name: 'shop_app_v1',
      value: 'shop_app_v1 b25l',
      labels: { of: 'shop_app_v1' },
      templating: 'golang',
    },
  ]);
  const { Secrets, Configs } = before.services[0]?.spec.TaskTemplate?.ContainerSpec ?? {};
  expect([Secrets?.[0]?.SecretID, Configs?.[0]?.ConfigID]).toEqual(['shop_key_v1-new', 'shop_app_v1-new']);
});

test('what nobody can make again is told, with whom it strands', async () => {
  const { swarm } = cluster({ secrets: [], networks: [inside] });
  const { gone, stranded, hasChanged } = await recreateObjects(swarm, 'shop', await snapshot(), nobody);
  expect(gone).toEqual([
    'cannot restore shop_api: the secret shop_key_v1 no longer exists',
    'cannot restore shop_api: the network edge no longer exists',
  ]);
  expect([[...stranded], hasChanged]).toEqual([['shop_api'], false]);
});

describe('the addresses of a network that is made again', () => {
  const range = (Subnet: string) => ({ ipam: { Driver: 'default', Config: [{ Subnet }] } });
  test.each([
    ['10.0.1.0/24', '10.0.2.0/24', true],
    ['10.0.1.0/24', '10.0.1.0/24', false],
    ['10.0.1.0/24', '10.0.0.0/16', false],
    ['10.0.0.0/16', '10.0.1.0/24', false],
    ['fd00:1::/64', 'fd00:2::/64', true],
    ['fd00:1::/64', 'fd00::/16', false],
    ['fd00:1::/64', '10.0.1.0/24', true],
  ])('%s, where another has %s: the same are kept is %s', (own, other, isKept) => {
    const [planned] = planNetworks([network('a', range(own))], [network('b', range(other))]);
    expect(planned?.ipam?.Config).toEqual(isKept ? [{ Subnet: own }] : undefined);
  });

  test('are chosen anew where none were recorded', () => {
    expect(planNetworks([network('a', { ipam: undefined })], [])[0]?.ipam).toBeUndefined();
  });
});

test('what cannot be made this time is told apart from what nobody can make', async () => {
  const { swarm } = cluster({ networks: [edge] });
  const error = new Error('there is no leader');
  const createNetwork = () => Promise.reject(error);
  const { gone, stranded, failures } = await recreateObjects(
    { ...swarm, createNetwork },
    'shop',
    await snapshot(),
    nobody,
  );
  expect([gone, [...stranded], failures]).toEqual([[], ['shop_api'], [error]]);
});
