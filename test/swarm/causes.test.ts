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

const RUNC =
  'starting container failed: failed to create task for container: OCI runtime create failed: runc create failed: unable to start container process';

/** Errors in Docker's own words. */
const ROWS: readonly (readonly [string, Partial<SwarmTask>, string, string?])[] = [
  ['dead node', { state: 'assigned' }, 'm3 is down, and Swarm left the task with it'],
  ['drained node', { state: 'shutdown', desiredState: 'shutdown' }, 'm2 is drained: Swarm stopped the task'],
  ['image missing', { error: 'No such image: r.io/a:1', image: 'r.io/a:1' }, 'the node cannot pull r.io/a:1'],
  ['image missing', { error: 'No such image: r.io/a:1', image: 'r.io/a:1' }, 'docker pull` on m1 tells why'],
  [
    'wrong platform',
    { error: 'no matching manifest for linux/arm64/v8 in the manifest list entries' },
    'not built',
  ],
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
  ['no node', { error: `${NO_NODE} (unsupported platform on 3 nodes)` }, 'not built for the node'],
  ['no node', { error: `${NO_NODE} (missing plugin on 3 nodes)` }, 'docker plugin ls'],
  [
    'no node',
    {
      error: `${NO_NODE} (scheduling constraints not satisfied on 2 nodes; insufficient resources on 1 node)`,
    },
    'look at its placement.constraints and `docker node ls`; or lower its resources.reservations',
  ],
  ['no node', { error: `${NO_NODE} (something new on 1 node)` }, 'no node fits'],
  [
    'out of memory',
    {
      state: 'failed',
      exitCode: 128,
      error:
        'OCI runtime create failed: runc create failed: unable to start container process: error during container init: error setting cgroup config for procHooks process: unable to set memory limit to 12582912 (current usage: 13029376, peak usage: 13508608): unknown',
    },
    'is less than it takes to start: raise resources.limits.memory',
  ],
  [
    'away node',
    { error: `${NO_NODE} (1 node not available for new tasks)` },
    'm3 is down, and no other node',
  ],
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
  [
    'no program',
    { error: `${RUNC}: exec: "/nothing": stat /nothing: no such file or directory: unknown` },
    'no program /nothing',
  ],
  ['no program', { error: `${RUNC}: exec: "/run.sh": permission denied: unknown` }, 'chmod +x'],
  [
    'no program',
    { error: `${RUNC}: exec: "/etc": is a directory: unknown: permission denied` },
    'no program /etc',
  ],
  ['no program', { exitCode: 1 }, 'a #! line', 'exec /run.sh: no such file or directory'],
  [
    'no program',
    { exitCode: 1 },
    'a #! line',
    'standard_init_linux.go:228: exec user process caused: no such file or directory',
  ],
  ['no program', { error: 'no command specified' }, 'a CMD in the Dockerfile'],
  ['no program', { exitCode: 126, error: 'task: non-zero exit (126)' }, 'cannot be run'],
  ['no program', { exitCode: 127, error: 'task: non-zero exit (127)' }, 'does not have'],
  [
    'no address',
    { error: 'node is missing network attachments, ip addresses may be exhausted' },
    'a subnet that is too small',
  ],
  ['no address', { state: 'new' }, 'most likely a network'],
  [
    'no pool',
    { error: 'could not find an available, non-overlapping IPv4 address pool among the defaults' },
    'default-address-pools',
  ],
  ['no pool', { error: 'all predefined address pools have been fully subnetted' }, 'docker network prune'],
  [
    'overlay broken',
    { error: 'subnet sandbox join failed for "10.0.9.0/24": error creating vxlan interface: file exists' },
    'restart its engine',
  ],
  [
    'overlay broken',
    { error: 'error creating vxlan interface: operation not supported' },
    'the kernel of m1 has no vxlan',
  ],
  [
    'firewall flushed',
    {
      error:
        'driver failed programming external connectivity on endpoint a: (iptables failed: iptables --wait -t nat -A DOCKER: iptables: No chain/target/match by that name. (exit status 1))',
    },
    'gone from the firewall of m1',
  ],
  [
    'driver missing',
    { error: 'error looking up volume plugin nfsish: plugin "nfsish" not found' },
    'm1 has no driver nfsish',
  ],
  [
    'driver missing',
    { error: "failed to initialize logging driver: no log driver named 'loki' is registered" },
    'm1 has no driver loki',
  ],
  [
    'volume not mounted',
    {
      error:
        "error while mounting volume '/var/lib/docker/volumes/v/_data': failed to mount local volume: mount :/srv:/var/lib/docker/volumes/v/_data, data: addr=10.0.0.9,nolock: connection refused",
    },
    'm1 cannot mount :/srv: look',
  ],
  [
    'mount kind',
    {
      error: `${RUNC}: error mounting "/etc/hostname" to rootfs at "/etc": not a directory: unknown: Are you trying to mount a directory onto a file (or vice-versa)?`,
    },
    'mounts a file where its image has a folder',
  ],
  ['user missing', { error: 'unable to find user app: no matching entries in passwd file' }, 'no user app'],
  ['user missing', { error: 'unable to find group app: no matching entries in group file' }, 'no group app'],
  [
    'beyond its node',
    { error: 'Range of CPUs is from 0.01 to 2.00, as there are only 2 CPUs available' },
    'resources.limits.cpus',
  ],
  ['beyond its node', { error: 'Minimum memory limit allowed is 6MB' }, 'less than Docker takes'],
  [
    'beyond its node',
    { error: `${RUNC}: open /proc/sys/net/core/nothere: no such file or directory: unknown` },
    'its sysctls',
  ],
  ['beyond its node', { error: `${RUNC}: error setting rlimits for ready process` }, 'its ulimits'],
  [
    'disk full',
    { error: 'mkdir /var/lib/docker/overlay2/a: no space left on device' },
    'a disk of m1, or one of its volumes, is full',
  ],
  ['disk full', { exitCode: 1 }, '`df -i`', 'FATAL: could not write to file: No space left on device'],
  ['still preparing', { state: 'preparing' }, 'm1 still pulls its image'],
  [
    'unhealthy',
    { error: 'task: non-zero exit (143): dockerexec: unhealthy container' },
    'longer start_period',
  ],
  ['out of memory', { exitCode: 134 }, 'says that it is', 'FATAL ERROR: JavaScript heap out of memory'],
  ['killed', { exitCode: 137, error: 'task: non-zero exit (137)' }, 'most likely for its limit of 64 MiB'],
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
      isOutOfMemory: undefined,
    };
    expect(findCause(scene)).toContain(said);
    expect(causes.find(({ explain }) => explain(scene) !== undefined)?.name).toBe(name);
  },
);

const HEALTHCHECK = { Healthcheck: { Test: ['CMD', 'false'] } };

/** What its engine says of it decides. */
test.each([
  [137, '', true, LIMITED, 'it was killed for its limit of 64 MiB: raise'],
  [137, '', true, { Name: 'a' }, "it was killed for the node's memory: raise"],
  [1, '', true, LIMITED, 'a program in it was killed for its limit of 64 MiB'],
  [137, 'dockerexec: unhealthy container', true, LIMITED, 'it was killed for its limit'],
  [137, 'dockerexec: unhealthy container', false, LIMITED, 'its healthcheck does not pass'],
  [137, '', false, LIMITED, 'it was killed, and not for a limit of memory: by a person'],
  [
    137,
    '',
    false,
    { Name: 'a', TaskTemplate: { ContainerSpec: HEALTHCHECK } },
    'not for a limit of memory: for its healthcheck, most likely, and it did not end on SIGTERM',
  ],
  [1, '', false, LIMITED, 'its program ends with an error'],
])('exit code %i, %s, killed for memory: %s', (exitCode, error, isOutOfMemory, spec, said) => {
  const scene = {
    task: task({ state: 'failed', exitCode, error }),
    spec,
    node: M1,
    nodes: [M1],
    log: [],
    isOutOfMemory,
  };
  expect(findCause(scene)).toContain(said);
});

test('a control group that cannot be made is no full disk', () => {
  const error = 'mkdir /sys/fs/cgroup/memory/docker/a: no space left on device';
  const scene = {
    task: task({ error }),
    spec: LIMITED,
    node: M1,
    nodes: [M1],
    log: [],
    isOutOfMemory: undefined,
  };
  expect(findCause(scene)).toBeUndefined();
});

test('a task that ended well may have been stopped for its health check', () => {
  const specOf = (...Test: readonly string[]): ServiceSpec => ({
    Name: 'a',
    TaskTemplate: { ContainerSpec: { Healthcheck: { Test } } },
  });
  const explain = (spec: ServiceSpec, state = 'complete') =>
    findCause({ task: task({ state }), spec, node: M1, nodes: [M1], log: [], isOutOfMemory: undefined });
  expect(explain(specOf('CMD', 'false'))).toContain('its healthcheck does not pass, most likely');
  expect(explain(specOf('NONE'))).toContain('condition: none');
  expect(explain(specOf('CMD', 'false'), 'starting')).toContain('has not passed yet');
  expect(explain(specOf('NONE'), 'starting')).toBeUndefined();
});

test('a node that Swarm has not heard of since an election is as good as down', () => {
  const explain = (state: string) =>
    findCause({
      task: task({ state: 'assigned' }),
      spec: LIMITED,
      node: node('m3', { state }),
      nodes: [],
      log: [],
      isOutOfMemory: undefined,
    });
  expect(explain('unknown')).toContain('m3 is unknown, and Swarm left the task with it');
  expect(explain('ready')).toBeUndefined();
});

test('nothing is said of what is not known', () => {
  expect(
    findCause({
      task: task({ error: 'something new' }),
      spec: LIMITED,
      node: M1,
      nodes: [M1],
      log: [],
      isOutOfMemory: undefined,
    }),
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
  const scene = { task: task({ error }), spec, node: undefined, nodes, log: [], isOutOfMemory: undefined };
  expect(findCause(scene)).toContain(said);
});
