import { describe, expect, test } from 'vitest';
import type { ServiceChange } from '../../../src/plan/changes/changes.ts';
import {
  hasUnknownKey,
  judgeConstraint,
  meetsConstraint,
} from '../../../src/plan/placement/judge-constraint.ts';
import { judgePlacement } from '../../../src/plan/placement/judge-placement.ts';
import type { ServiceSpec } from '../../../src/shared/service-spec.ts';
import { facts, node, service, task } from '../../fakes/swarm.ts';

const GIB = 1024 ** 3;
const NODES = ['m1', 'm2', 'm3'].map((name) => node(name));
const change = (starts: number | undefined, action: ServiceChange['action'] = 'create'): ServiceChange => ({
  name: 'web',
  action,
  fields: [],
  stops: action === 'restart' ? 3 : 0,
  starts,
  notes: [],
});
const spec = (
  task: NonNullable<ServiceSpec['TaskTemplate']> = {},
  more: Partial<ServiceSpec> = {},
): ServiceSpec => ({
  Name: 'shop_web',
  Mode: { Replicated: { Replicas: 3 } },
  TaskTemplate: task,
  ...more,
});
const memory = (bytes: number) => ({ Resources: { Reservations: { MemoryBytes: bytes } } });
const gpus = (Value: number) => ({ GenericResources: [{ DiscreteResourceSpec: { Kind: 'gpu', Value } }] });
const port = { EndpointSpec: { Ports: [{ PublishMode: 'host', PublishedPort: 80 }] } };

function judge(
  one: ServiceSpec,
  { starts = 3, action = 'create', platforms = [] as string[], cluster = facts({ nodes: NODES }) } = {},
) {
  return judgePlacement([{ change: change(starts, action as never), spec: one, platforms }], cluster, 'shop');
}

describe('there is room', () => {
  test.each([
    ['for tasks that ask for nothing', spec(), { starts: 100 }],
    ['for one port on each node', spec({}, port), {}],
    ['for what fits exactly', spec(memory(4 * GIB)), {}],
    ['for the platform of the nodes', spec(), { platforms: ['linux/arm64', 'linux/amd64'] }],
    ['for no task at all', spec(memory(99 * GIB)), { starts: 0 }],
    [
      'for a port that the service itself has until it is made anew',
      spec({}, port),
      {
        action: 'recreate',
        cluster: facts({
          nodes: NODES,
          services: [service('shop_web')],
          tasks: NODES.map(({ id: nodeId }) =>
            task({ serviceId: 'id-shop_web', nodeId, hostPorts: ['80/tcp'] }),
          ),
        }),
      },
    ],
  ])('%s', (_what, one, options) => {
    expect(judge(one, options)).toEqual([]);
  });
});

describe('there is none, and each node says why', () => {
  test.each([
    [
      'constraints',
      spec({ Placement: { Constraints: ['node.labels.disk == ssd'] } }),
      {},
      0,
      'm1: does not meet node.labels.disk == ssd',
    ],
    [
      'platforms',
      spec(),
      { platforms: ['linux/arm64'] },
      0,
      'm2: is linux/amd64, the image is for linux/arm64',
    ],
    [
      'memory',
      spec(memory(3 * GIB)),
      { starts: 4 },
      3,
      'm1: has 1024 MiB of memory left, 3072 MiB of memory are reserved',
    ],
    [
      'CPUs',
      spec({ Resources: { Reservations: { NanoCPUs: 1.5e9 } } }),
      { starts: 4 },
      3,
      'has 0.5 CPUs left, 1.5 CPUs are reserved',
    ],
    ['ports', spec({}, port), { starts: 4 }, 3, 'm3: port 80/tcp is taken'],
    ['replicas per node', spec({ Placement: { MaxReplicas: 1 } }), { starts: 4 }, 3, 'has its 1 replicas'],
  ])('%s', (_what, one, options, room, reason) => {
    const [found] = judge(one, options);
    expect(found).toMatchObject({ name: 'web', room });
    expect(found?.nodes.join('\n')).toContain(reason);
  });

  test('nodes that are down or drained', () => {
    const nodes = [node('m1', { state: 'down' }), node('m2', { availability: 'drain' })];
    expect(judge(spec(), { cluster: facts({ nodes }) })).toEqual([
      { name: 'web', wanted: 3, room: 0, nodes: ['m1: is down', 'm2: is set to drain'] },
    ]);
  });
});

test('what other tasks hold counts; what the deploy itself ends does not', () => {
  const held = task({ serviceId: 'id-shop_web', nodeId: 'id-m1', reserved: { MemoryBytes: 3 * GIB } });
  const cluster = facts({ nodes: [node('m1')], tasks: [held], services: [service('shop_web')] });
  const options = { starts: 1, cluster };
  expect(judge(spec(memory(2 * GIB)), options)).toHaveLength(1);
  expect(judge(spec(memory(2 * GIB)), { ...options, action: 'restart' })).toEqual([]);
});

test('a service that goes makes room; a scale-up counts what runs already', () => {
  const held = task({ serviceId: 'id-shop_gone', nodeId: 'id-m1', hostPorts: ['80/tcp'] });
  const cluster = facts({ nodes: [node('m1')], tasks: [held], services: [service('shop_gone')] });
  expect(judge(spec({}, port), { starts: 1, cluster })).toEqual([]);

  const own = task({ serviceId: 'id-shop_web', nodeId: 'id-m1' });
  const running = facts({ nodes: NODES, tasks: [own], services: [service('shop_web')] });
  const limited = spec({ Placement: { MaxReplicas: 1 } });
  expect(judge(limited, { starts: 2, action: 'update', cluster: running })).toEqual([]);
  expect(judge(limited, { starts: 3, action: 'update', cluster: running })).toMatchObject([
    { wanted: 3, room: 2 },
  ]);
});

test("a node's own kinds of resources are counted, too", () => {
  const nodes = [node('m1', { capacity: { ...gpus(2), NanoCPUs: 1e9, MemoryBytes: GIB } }), node('m2')];
  const held = task({ serviceId: 'other', nodeId: 'id-m1', reserved: gpus(1) });
  const cluster = facts({ nodes, tasks: [held] });
  const one = spec({ Resources: { Reservations: gpus(1) } });
  expect(judge(one, { starts: 1, cluster })).toEqual([]);
  const [found] = judge(one, { starts: 2, cluster });
  expect(found?.nodes).toEqual([
    'm1: has 0 gpu left, 1 gpu are reserved',
    'm2: has 0 gpu left, 1 gpu are reserved',
  ]);
});

test('start-first needs room for old and new at once', () => {
  const first = spec(port as never, { ...port, UpdateConfig: { Order: 'start-first' } });
  expect(judge(first, { action: 'restart' })).toMatchObject([{ wanted: 4, room: 3 }]);
  expect(judge(spec({}, { ...port, UpdateConfig: { Order: 'stop-first' } }), { action: 'restart' })).toEqual(
    [],
  );
});

test('a global service needs room on every node that it may run on, and one such node', () => {
  const everywhere = (task: object) => spec(task, { Mode: { Global: {} } });
  const busy = task({ serviceId: 'other', nodeId: 'id-m2', reserved: { MemoryBytes: 4 * GIB } });
  const cluster = facts({ nodes: NODES, tasks: [busy] });
  const place = (one: ServiceSpec) =>
    judgePlacement([{ change: change(undefined), spec: one, platforms: [] }], cluster, 'shop');
  expect(place(everywhere({}))).toEqual([]);
  expect(place(everywhere(memory(GIB)))).toMatchObject([{ wanted: 3, room: 2 }]);
  expect(place(everywhere({ Placement: { Constraints: ['node.role == worker'] } }))).toHaveLength(1);
});

test.each([
  ['node.role == manager', true],
  ['Node.ROLE == Manager', true],
  ['node.Labels.zone == A', true],
  ['node.labels.Zone == a', false],
  ['node.role != manager', false],
  ['node.hostname==M1', true],
  ['node.labels.zone == a', true],
  ['node.labels.zone != b', true],
  ['node.labels.none == x', false],
  ['engine.labels.disk == ssd', true],
  ['node.platform.arch == x86_64', true],
  ['node.platform.os == windows', false],
])('%s: %s', (constraint, expected) => {
  const one = node('m1', { labels: { zone: 'a' }, engineLabels: { disk: 'ssd' } });
  expect(meetsConstraint(one, constraint)).toBe(expected);
  expect(judgeConstraint(constraint)).toBeUndefined();
  expect(hasUnknownKey(constraint)).toBe(false);
});

test.each(['node.role = manager', 'manager', 'node.labels.a == é'])('%s is no constraint', (constraint) => {
  expect(judgeConstraint(constraint)).toBeDefined();
});

test.each(['role == manager', 'node.rol == manager', 'node.labels. == x'])(
  'no node has the key of %s',
  (constraint) => {
    expect(hasUnknownKey(constraint)).toBe(true);
  },
);
