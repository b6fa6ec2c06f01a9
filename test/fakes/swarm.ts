import type { ClusterFacts } from '../../src/plan/changes/facts.ts';
import type { LiveNetwork } from '../../src/shared/network.ts';
import type { SwarmNode, SwarmService, SwarmTask } from '../../src/shared/swarm.ts';
import type { Snapshot } from '../../src/swarm/plan-restore.ts';

/** What a run recorded before its first change, of a stack that had nothing. */
export const EMPTY_SNAPSHOT: Snapshot = {
  services: [],
  networks: [],
  used: [],
  templates: [],
  taskIds: new Set(),
  running: new Map(),
};

export function service(name: string, change: Partial<SwarmService> = {}): SwarmService {
  return {
    id: `id-${name}`,
    name,
    version: 1,
    spec: { Name: name },
    previousSpec: undefined,
    update: undefined,
    wanted: 1,
    ...change,
  };
}

export function task(change: Partial<SwarmTask> = {}): SwarmTask {
  return {
    id: 't1',
    serviceId: 'id-a',
    slot: 1,
    nodeId: 'n1',
    containerId: 'c1',
    state: 'running',
    since: '2026-11-21T21:54:00.5Z',
    desiredState: 'running',
    image: 'i',
    message: 'started',
    error: '',
    exitCode: undefined,
    reserved: {},
    hostPorts: [],
    overlays: [],
    ...change,
  };
}

/** A manager that may take tasks. */
export function node(hostname: string, change: Partial<SwarmNode> = {}): SwarmNode {
  return {
    id: `id-${hostname}`,
    hostname,
    platform: 'linux/amd64',
    usable: true,
    state: 'ready',
    availability: 'active',
    role: 'manager',
    isLeader: false,
    reachability: 'reachable',
    engine: '26.1.5',
    address: '10.0.0.1',
    machine: 'x86_64',
    os: 'linux',
    labels: {},
    engineLabels: {},
    capacity: { NanoCPUs: 2e9, MemoryBytes: 4 * 1024 ** 3 },
    ...change,
  };
}

/** As Docker makes one of a stack file that says nothing of it. */
export function network(name: string, change: Partial<LiveNetwork> = {}): LiveNetwork {
  return {
    id: `id-${name}`,
    name,
    driver: 'overlay',
    options: { 'com.docker.network.driver.overlay.vxlanid_list': '4097' },
    internal: false,
    attachable: false,
    labels: { 'com.docker.stack.namespace': 'shop' },
    ipv6: false,
    ipam: { Driver: 'default', Config: [{ Subnet: '10.0.1.0/24', Gateway: '10.0.1.1' }] },
    ...change,
  };
}

/** An empty Swarm of one node. */
export function facts(change: Partial<ClusterFacts> = {}): ClusterFacts {
  return {
    nodes: [node('m1')],
    services: [],
    networks: [],
    secrets: [],
    configs: [],
    tasks: [],
    records: [],
    reusable: {},
    ...change,
  };
}
