import { expect, test } from 'vitest';
import { platformsOf } from '../../../src/plan/placement/platforms-of.ts';
import { node } from '../../fakes/swarm.ts';

const ARM = { platform: 'linux/arm64', machine: 'aarch64' };
const nodes = [
  node('a'),
  node('b', { ...ARM, labels: { disk: 'ssd' } }),
  node('c', { platform: 'linux/s390x', usable: false }),
];
const ON_SSD = { deploy: { placement: { constraints: ['node.labels.disk == ssd'] } } };
const release = (constraints?: readonly string[]) =>
  ({ document: { services: { api: { deploy: { placement: { constraints } } }, arm: ON_SSD } } }) as never;

test.each([
  [undefined, ['linux/amd64', 'linux/arm64']],
  [['node.labels.disk == ssd'], ['linux/arm64']],
  [['node.hostname == a'], ['linux/amd64']],
  [['node.hostname == nowhere'], ['linux/amd64', 'linux/arm64']],
])('%s', (constraints, platforms) => {
  const of = (name: string, own?: readonly string[]) =>
    platformsOf({ services: [name], platforms: own }, release(constraints), nodes);
  expect(of('api')).toEqual(platforms);
  expect(of('other')).toEqual(['linux/amd64', 'linux/arm64']);
  expect(of('api', ['linux/riscv64'])).toEqual(['linux/riscv64']);
});

test('an image that two services run is built for the nodes of either', () => {
  const both = { services: ['api', 'arm'], platforms: undefined };
  expect(platformsOf(both, release(['node.hostname == a']), nodes)).toEqual(['linux/amd64', 'linux/arm64']);
  expect(platformsOf({ ...both, services: ['arm'] }, release(), nodes)).toEqual(['linux/arm64']);
});
