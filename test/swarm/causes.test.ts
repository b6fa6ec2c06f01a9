import { expect, test } from 'vitest';
import type { ServiceSpec } from '../../src/shared/service-spec.ts';
import type { SwarmTask } from '../../src/shared/swarm.ts';
import { causes, findCause } from '../../src/swarm/causes/causes.ts';
import { node, task } from '../fakes/swarm.ts';

const M1 = node('m1');
const NO_NODE = 'no suitable node';
const LIMITED: ServiceSpec = {
  Name: 'a',
  TaskTemplate: { Resources: { Limits: { MemoryBytes: 64 * 2 ** 20 } } },
};

/** Errors in Docker's own words. */
const ROWS: readonly (readonly [string, Partial<SwarmTask>, string, string?])[] = [
  ['dead node', { state: 'assigned' }, 'm3 is down, and Swarm left the task with it'],
  ['drained node', { state: 'shutdown', desiredState: 'shutdown' }, 'm2 is drained: Swarm stopped the task'],
  ['image missing', { error: 'No such image: r.io/a:1', image: 'r.io/a:1' }, 'the node cannot pull r.io/a:1'],
  ['wrong platform', { error: `${NO_NODE} (unsupported platform on 3 nodes)` }, 'not built for the node'],
  [
    'wrong platform',
    { exitCode: 1, error: 'task: non-zero exit (1)' },
    'not built',
    'exec /a: exec format error',
  ],
  [
    'no node',
    { error: `${NO_NODE} (scheduling constraints not satisfied on 3 nodes)` },
    'placement.constraints',
  ],
  ['no node', { error: 'assigned node no longer meets constraints' }, 'placement.constraints'],
  ['no node', { error: `${NO_NODE} (insufficient resources on 2 nodes)` }, 'resources.reservations'],
  ['no node', { error: `${NO_NODE} (host-mode port already in use on 1 node)` }, 'holds its port'],
  ['no node', { error: `${NO_NODE} (max replicas per node limit exceed)` }, 'max_replicas_per_node'],
  ['no node', { error: `${NO_NODE} (2 nodes not available for new tasks)` }, 'drained or down'],
  [
    'away node',
    { error: `${NO_NODE} (1 node not available for new tasks)` },
    'm3 is down, and no other node',
  ],
  ['no node', { error: `${NO_NODE} (missing plugin on 1 node)` }, 'no node fits'],
  [
    'port taken',
    { error: 'starting container failed: Bind for 0.0.0.0:8080 failed: port is already allocated' },
    'listens on port 8080',
  ],
  [
    'port taken',
    { error: 'Error starting userland proxy: listen tcp4 0.0.0.0:22: bind: address already in use' },
    'listens on port 22',
  ],
  [
    'port taken',
    { error: 'failed to bind host port for 0.0.0.0:22:172.18.0.3:3000/tcp: address already in use' },
    'listens on port 22',
  ],
  [
    'port taken',
    { error: 'failed to bind host port [::]:22/tcp: address already in use' },
    'listens on port 22',
  ],
  [
    'mount missing',
    { error: 'invalid mount config for type "bind": bind source path does not exist: /srv/data' },
    '/srv/data is not there',
  ],
  ['object missing', { error: 'secret shop_key not found' }, 'the secret shop_key is not in the cluster'],
  [
    'no program',
    { error: 'exec: "nothing": executable file not found in $PATH: unknown' },
    'no program nothing',
  ],
  ['no program', { exitCode: 127, error: 'task: non-zero exit (127)' }, 'does not have'],
  [
    'unhealthy',
    { error: 'task: non-zero exit (143): dockerexec: unhealthy container' },
    'longer start_period',
  ],
  ['out of memory', { exitCode: 137, error: 'task: non-zero exit (137)' }, 'its limit of 64 MiB'],
  ['out of memory', { exitCode: 134 }, 'killed', 'FATAL ERROR: JavaScript heap out of memory'],
  ['ends at once', { state: 'complete' }, 'condition: none'],
  ['ends at once', { exitCode: 1 }, 'its last lines tell why', 'Error: no database'],
  ['ends at once', { exitCode: 1 }, 'prints nothing'],
];

test.each(ROWS.map(([name, change, said, line]) => [name, change, said, line] as const))(
  '%s: %o',
  (name, change, said, line) => {
    const down = node('m3', { state: 'down', usable: false });
    const drained = node('m2', { availability: 'drain', usable: false });
    const scene = {
      task: task(change),
      spec: LIMITED,
      nodes: name === 'away node' ? [M1, down] : [M1],
      node: name === 'dead node' ? down : name === 'drained node' ? drained : M1,
      log: line ? [line] : [],
    };
    expect(findCause(scene)).toContain(said);
    expect(causes.find(({ explain }) => explain(scene) !== undefined)?.name).toBe(name);
  },
);

test('a task that ended well may have been stopped for its health check', () => {
  const specOf = (...Test: readonly string[]): ServiceSpec => ({
    Name: 'a',
    TaskTemplate: { ContainerSpec: { Healthcheck: { Test } } },
  });
  const explain = (spec: ServiceSpec) =>
    findCause({ task: task({ state: 'complete' }), spec, node: M1, nodes: [M1], log: [] });
  expect(explain(specOf('CMD', 'false'))).toContain('its healthcheck does not pass, most likely');
  expect(explain(specOf('NONE'))).toContain('condition: none');
});

test('a node that Swarm has not heard of since an election is as good as down', () => {
  const explain = (state: string) =>
    findCause({
      task: task({ state: 'assigned' }),
      spec: LIMITED,
      node: node('m3', { state }),
      nodes: [],
      log: [],
    });
  expect(explain('unknown')).toContain('m3 is unknown, and Swarm left the task with it');
  expect(explain('ready')).toBeUndefined();
});

test('nothing is said of what is not known', () => {
  expect(
    findCause({ task: task({ error: 'something new' }), spec: LIMITED, node: M1, nodes: [M1], log: [] }),
  ).toBeUndefined();
});

test('every cause has a row', () => {
  expect(new Set(ROWS.map(([name]) => name))).toEqual(new Set(causes.map(({ name }) => name)));
});

test.each([
  ['one that is drained', ['node.hostname == m2'], 'm2 is drained, and no other node fits'],
  ['all that it may run on', ['node.hostname != m1'], 'm2 is drained, m3 is down, and no other'],
  ['none that it may run on', ['node.hostname == m1'], 'look at its placement.constraints'],
])('nodes that are away are named: %s', (_what, Constraints, said) => {
  const nodes = [
    M1,
    node('m2', { availability: 'drain', usable: false }),
    node('m3', { state: 'down', usable: false }),
  ];
  const error = `${NO_NODE} (scheduling constraints not satisfied on 1 node; 2 nodes not available for new tasks)`;
  const spec = { Name: 'a', TaskTemplate: { Placement: { Constraints } } };
  const scene = { task: task({ error }), spec, node: undefined, nodes, log: [] };
  expect(findCause(scene)).toContain(said);
});
