import { REGISTRY } from '../../src/lab/topology.ts';
import type { Parts } from './probe.ts';

/** One change of the probe's stack, and what a plan has to say of it. */
export interface Kind {
  readonly what: string;
  /** Laid over the stack as the kinds before it left it. */
  readonly change?: Partial<Parts>;
  readonly file?: readonly [string, string];
  readonly env?: Readonly<Record<string, string>>;
  /** Gives a node without a task of the service the label `new`. */
  readonly labelsFreeNode?: boolean;
  readonly action: string;
  readonly field?: string;
}

const LABELS = 'labels: { team: web }';
const MANAGERS = 'placement: { constraints: [node.role == manager] }';
const LIMITED = 'resources: { limits: { memory: 200M } }\n      ';
const LABELLED = 'labels: { a: b }\n    ';
const PORT = 'ports: [{ target: 6379, published: 16380, mode: host }]\n    ';
const NETWORKS = 'networks: [default, other]\n    ';
const FILLED = LABELLED + PORT + NETWORKS;

export const kinds: readonly Kind[] = [
  {
    what: 'another value of a variable',
    change: { environment: '{ A: "1", B: "3" }' },
    action: 'restart',
    field: 'env B',
  },
  { what: 'variables in another order', change: { environment: '{ B: "3", A: "1" }' }, action: 'nothing' },
  { what: 'more replicas', change: { deploy: 'replicas: 3' }, action: 'update', field: 'replicas' },
  { what: 'fewer replicas', change: { deploy: 'replicas: 2' }, action: 'update', field: 'replicas' },
  {
    what: 'a label of the service',
    change: { deploy: `replicas: 2\n      ${LABELS}` },
    action: 'update',
    field: 'label team',
  },
  {
    what: 'another rollout',
    change: { update: '{ parallelism: 0, monitor: 1s, failure_action: pause }' },
    action: 'update',
    field: 'update config failure action',
  },
  { what: 'a memory limit', change: { placement: LIMITED }, action: 'restart', field: 'limit memory' },
  {
    what: 'a constraint that every node meets',
    change: { placement: LIMITED + MANAGERS },
    action: 'update',
    field: 'constraints',
  },
  {
    what: 'a preference alone',
    change: { placement: `${LIMITED}placement: { preferences: [{ spread: node.labels.zone }] }` },
    action: 'update',
    field: 'preferences',
  },
  {
    what: 'most tasks of a node alone',
    change: { placement: `${LIMITED}placement: { max_replicas_per_node: 2 }` },
    action: 'update',
    field: 'max replicas',
  },
  {
    what: 'a constraint that no task meets',
    change: { placement: `${LIMITED}placement: { constraints: [node.labels.new == yes] }` },
    labelsFreeNode: true,
    action: 'restart',
    field: 'constraints',
  },
  // Swarm then leaves the tasks as they are, ports and all.
  {
    what: 'a port while constraints change, too',
    change: { placement: LIMITED, web: PORT.replace('16380', '16379') },
    action: 'update',
    field: 'port 16379:6379/tcp',
  },
  {
    what: 'a secret with another value',
    file: ['secrets/password.txt', 'probe-hunter2-rotated'],
    action: 'restart',
    field: 'secret password',
  },
  {
    what: 'a config with another content',
    file: ['settings.txt', 'two'],
    action: 'restart',
    field: 'config /etc/settings',
  },
  {
    what: 'a label of the container',
    change: { web: LABELLED },
    action: 'restart',
    field: 'container label a',
  },
  {
    what: 'a port of the node',
    change: { web: LABELLED + PORT },
    action: 'restart',
    field: 'port 16380:6379/tcp',
  },
  {
    what: 'a network',
    change: { web: FILLED, top: 'networks: { other: {} }' },
    action: 'restart',
    field: 'network probe_other',
  },
  {
    what: 'a reservation',
    change: { placement: 'resources: { limits: { memory: 200M }, reservations: { memory: 16M } }' },
    action: 'restart',
    field: 'reservation memory',
  },
  {
    what: 'a mount',
    change: { web: `${FILLED}volumes: [/tmp:/extra]` },
    action: 'restart',
    field: 'mount /extra',
  },
  {
    what: 'a health check',
    change: { web: `${FILLED}healthcheck: { test: [CMD, "true"], interval: 1s, timeout: 20s }` },
    action: 'restart',
    field: 'healthcheck test',
  },
  {
    what: 'how long it may take to end',
    change: { web: `${FILLED}stop_grace_period: 20s` },
    action: 'restart',
    field: 'stop grace period',
  },
  {
    what: 'where its output goes',
    change: { web: `${FILLED}logging: { driver: json-file, options: { max-size: 1m } }` },
    action: 'restart',
    field: 'log driver options max-size',
  },
  {
    what: 'what it runs',
    change: { web: `${FILLED}entrypoint: [/bin/sh, -c, exec redis-server]` },
    action: 'restart',
    field: 'entrypoint',
  },
  {
    what: 'another image',
    change: { image: `${REGISTRY.host}/library/dozzle:8` },
    action: 'restart',
    field: 'image',
  },
  {
    what: 'new versions of everything',
    env: { SECRET_REUSE: 'false' },
    action: 'restart',
    field: 'secret password',
  },
];
