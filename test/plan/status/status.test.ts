import { expect, test } from 'vitest';
import { renderStatus } from '../../../src/plan/status/render-status.ts';
import {
  planNodeStatus,
  planServiceStatus,
  type StackStatus,
} from '../../../src/plan/status/stack-status.ts';
import { node, service, task } from '../../fakes/swarm.ts';

const image = 'r.io/api:1@sha256:0123456789abcdef';
const api = service('shop_api', {
  wanted: 2,
  spec: { Name: 'shop_api', TaskTemplate: { ContainerSpec: { Image: image } } },
});
const running = (since: string) => task({ serviceId: api.id, nodeId: 'id-m1', since });
const failed = (since: string, error = '') =>
  task({ serviceId: api.id, nodeId: 'id-m2', since, state: 'failed', message: 'started', error });
const nodes = [
  node('m2', { availability: 'drain' }),
  node('m1', { isLeader: true }),
  node('w1', { role: 'worker', state: 'down' }),
];

test('a task that was stopped, of which an engine says that it failed, is none that failed', () => {
  const stopped = failed(
    '2026-11-22T02:00:00Z',
    'error while removing network: unknown network shop_default id x',
  );
  const [service] = planServiceStatus('shop', [api], [stopped], nodes);
  expect(service).not.toHaveProperty('failed');
});

test('of each service: its tasks, the newest of them, and what failed last', () => {
  const tasks = [
    running('2026-11-22T01:00:00Z'),
    failed('2026-11-22T02:00:00Z', 'task: non-zero exit (3)'),
    running('2026-11-22T03:00:00Z'),
    failed('2026-11-22T01:30:00Z'),
    task({ serviceId: 'another' }),
  ];
  const paused = { ...api, update: { state: 'paused', message: 'update paused' } };
  expect(planServiceStatus('shop', [service('shop_web'), paused], tasks, nodes)).toEqual([
    {
      name: 'api',
      running: 2,
      wanted: 2,
      image,
      since: '2026-11-22T03:00:00Z',
      update: 'paused: update paused',
      failed: { node: 'm2', since: '2026-11-22T02:00:00Z', why: 'task: non-zero exit (3)' },
    },
    { name: 'web', running: 0, wanted: 1, image: '' },
  ]);
});

const calm: StackStatus = {
  stack: 'shop',
  release: {
    number: 42,
    id: 'v1_20261122040000',
    tag: 'v1',
    result: 'deployed',
    who: 'ada@laptop',
    since: '2026-11-22T04:00:00Z',
  },
  runs: [],
  unreadable: [],
  services: planServiceStatus('shop', [api], [running('2026-11-22T03:00:00Z')], nodes),
  nodes: planNodeStatus(nodes),
  drift: [],
  warnings: [],
};
const now = Date.parse('2026-11-22T06:59:00Z');

test('one screen', () => {
  expect(renderStatus(calm, now).split('\n')).toEqual([
    'shop: r42, v1, deployed 2026-11-22 04:00 by ada@laptop',
    '',
    '  service  tasks  for  image',
    '  api      1/2    3 h  r.io/api:1@0123456789ab',
    '',
    '  node  state  takes tasks  role',
    '  m1    ready  yes          leader',
    '  m2    ready  no: drain    manager',
    '  w1    down   yes          worker',
  ]);
});

test('what is wrong stands where it is', () => {
  const [service] = planServiceStatus('shop', [api], [failed('2026-11-22T06:58:30Z', 'OOM')], nodes);
  const holder = { id: 'a1', who: 'bob@ci', since: 'noon', what: 'deploy v2', isPerson: false };
  const shown = renderStatus(
    {
      ...calm,
      lock: holder,
      runs: ['it is at: wait for convergence'],
      services: service ? [service] : [],
      drift: ['api: replicas 2 -> 3'],
    },
    now,
  ).split('\n');
  expect(shown.slice(1, 3)).toEqual([
    'locked by bob@ci, since noon: deploy v2',
    'it is at: wait for convergence',
  ]);
  expect(shown).toContain('    failed 30 s ago on m2: OOM');
  expect(shown).toContain('changed by hand: api: replicas 2 -> 3');
  expect(shown.at(-1)).toContain('--on-drift=adopt');
});

test('a stack that Waggle did not deploy', () => {
  const { release, ...unknown } = calm;
  expect(release).toBeDefined();
  expect(renderStatus(unknown, now)).toMatch(/^shop: no release is on record\n/);
});
