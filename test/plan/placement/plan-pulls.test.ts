import { expect, test } from 'vitest';
import { planPulls } from '../../../src/plan/placement/plan-pulls.ts';
import type { Release } from '../../../src/plan/release/release.ts';
import { node, service } from '../../fakes/swarm.ts';

const nodes = [
  node('a'),
  node('b', { platform: 'linux/arm64', machine: 'aarch64' }),
  node('c', { usable: false }),
];
const live = (image: string) =>
  service('shop_api', { spec: { Name: 'shop_api', TaskTemplate: { ContainerSpec: { Image: image } } } });
const release = (constraints: readonly string[] = []) =>
  ({
    stack: 'shop',
    services: [{ name: 'api', image: 'r.io/api:1' }],
    document: { services: { api: { deploy: { placement: { constraints } } } } },
  }) as unknown as Release;
const PINNED = 'r.io/api:1@sha256:aa';
const BOTH = ['linux/amd64', 'linux/arm64'];

test.each([
  ['a new service: every node that takes tasks', [], undefined, BOTH, ['id-a', 'id-b']],
  ['another image runs', [], live('r.io/api:0@sha256:00'), BOTH, ['id-a', 'id-b']],
  ['nodes of the image, only', [], undefined, ['linux/arm64'], ['id-b']],
  ['nodes of the constraints, only', ['node.hostname == a'], undefined, BOTH, ['id-a']],
  ['a registry that says no platform', [], undefined, [], ['id-a', 'id-b']],
])('%s', (_what, constraints, running, platforms, expected) => {
  const facts = { nodes, services: running ? [running] : [] };
  const [pull] = planPulls(
    release(constraints),
    facts,
    { 'r.io/api:1': 'sha256:aa' },
    { [PINNED]: platforms },
  );
  expect(pull?.nodes).toEqual(expected);
  expect(pull?.spec).toMatchObject({
    Name: 'shop-waggle-pull_api',
    Mode: { Global: {} },
    TaskTemplate: { ContainerSpec: { Image: PINNED }, RestartPolicy: { Condition: 'none' } },
  });
});

test('what runs already is not pulled, nor what has no digest', () => {
  const facts = { nodes, services: [live(PINNED)] };
  expect(planPulls(release(), facts, { 'r.io/api:1': 'sha256:aa' }, {})).toEqual([]);
  expect(planPulls(release(), { nodes, services: [] }, {}, {})).toEqual([]);
});
