import { expect, test } from 'vitest';
import { countRemoval, planRemoval, renderRemoval } from '../../src/plan/plan-removal.ts';
import type { SwarmRecord } from '../../src/shared/swarm.ts';
import { network, service } from '../fakes/swarm.ts';

const object = (name: string, labels: Readonly<Record<string, string>>) => ({
  ...{ id: `id-${name}`, name, labels, createdAt: '' },
});
const record = (name: string): SwarmRecord => ({
  ...{ id: `id-${name}`, version: 1, name, data: Buffer.of() },
  labels: { 'com.waggle.record': 'shop' },
});
const VolumeOptions = { Labels: { 'com.docker.stack.namespace': 'shop' } };
const using = (secret: string) => ({
  TaskTemplate: {
    ContainerSpec: {
      Secrets: [{ SecretID: `id-${secret}`, SecretName: secret }],
      Mounts: [
        { Type: 'volume', Source: 'shop_data', VolumeOptions },
        { Type: 'volume', Source: 'theirs', VolumeOptions: {} },
        { Type: 'bind', Source: '/srv' },
      ],
    },
  },
});
const api = service('shop_api', { spec: { Name: 'shop_api', ...using('shop_key_v1') } });

const facts = {
  services: [api],
  networks: [
    network('shop_inside'),
    network('edge', { labels: {} }),
    network('blog_in', { labels: { 'com.docker.stack.namespace': 'blog' } }),
  ],
  secrets: [
    object('shop_key_v1', { 'com.waggle.stack': 'shop' }),
    object('blog_key_v1', { 'com.waggle.stack': 'blog' }),
    object('theirs', {}),
  ],
  configs: [object('shop_old', { 'com.docker.stack.namespace': 'shop' })],
  records: ['r10', 'lock', 'r2', 'j.1'].map((name) => record(`shop.waggle.${name}`)),
};

test('removes what has the labels of the stack, and nothing else', () => {
  const removal = planRemoval('shop', facts, [api, service('blog_web')]);
  expect(
    renderRemoval(removal, { bundles: ['v1_1 on m1'], volumes: ['shop_data on m2'] }).split('\n'),
  ).toEqual([
    'remove',
    '- service shop_api',
    '- network shop_inside',
    '- secret shop_key_v1',
    '- config shop_old',
    '- record shop.waggle.j.1',
    '- record shop.waggle.r2',
    '- record shop.waggle.r10',
    '- bundle v1_1 on m1',
    '- volume shop_data on m2',
  ]);
  expect(countRemoval(removal)).toBe('1 service, 1 network, 2 secrets and configs, 3 records');
});

test('keeps what a service of another stack uses', () => {
  const other = service('blog_web', { spec: { Name: 'blog_web', ...using('shop_key_v1') } });
  const removal = planRemoval('shop', facts, [api, other]);
  expect(removal.objects.map(({ name }) => name)).toEqual(['shop_old']);
  expect(renderRemoval(removal, { bundles: [] })).toContain('keep\n  secret shop_key_v1: blog_web uses it');
});

test('keeps the volumes of the stack, and names the flag that removes them', () => {
  const text = renderRemoval(planRemoval('shop', facts, [api]), { bundles: [] });
  expect(text.split('keep\n')[1]).toBe('  volume shop_data: --volumes removes it');
});

test('says that there is nothing to remove', () => {
  const none = { services: [], networks: [], secrets: [], configs: [], records: [] };
  expect(renderRemoval(planRemoval('shop', none, []), { bundles: [] })).toBe('nothing to remove');
});
