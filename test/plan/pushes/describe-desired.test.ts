import { expect, test } from 'vitest';
import { describeDesired } from '../../../src/plan/pushes/describe-desired.ts';
import { facts, network, service } from '../../fakes/swarm.ts';

const spec = (image: string, more: object = {}) => ({
  Name: 'shop_api',
  TaskTemplate: { ContainerSpec: { Image: image, ...more } },
});
const live = facts({ services: [service('shop_api', { spec: spec('r.io/api:2') })] });

test('describes the difference between what runs and what is wanted', () => {
  const specs = [spec('r.io/api:1'), { Name: 'shop_db' }];
  expect(describeDesired(live, { specs }, [])).toEqual([
    'shop_api: image r.io/api:2 -> r.io/api:1',
    'shop_db: is new',
  ]);
});

test('says what a change is for where no field differs', () => {
  const specs = [spec('r.io/api:2')];
  expect(describeDesired(live, { specs, note: 'restart api' }, [])).toEqual(['restart api']);
  expect(describeDesired(live, { specs }, [])).toEqual([
    'nothing would change: every service runs that spec already',
  ]);
});

test('shows no sensitive value', () => {
  const template = { Name: 'shop_api', TaskTemplate: { ContainerSpec: { Args: ['--key', '${KEY}'] } } };
  const before = facts({
    services: [service('shop_api', { spec: spec('r.io/api:1', { Args: ['--key', 'old'] }) })],
  });
  const lines = describeDesired(before, { specs: [spec('r.io/api:1', { Args: ['--key', 'new'] })] }, [
    template,
  ]);
  expect(lines.join()).not.toMatch(/old|new/);
});

test('a network that was created again is no difference', () => {
  const on = (Target: string) => ({ Name: 'shop_api', TaskTemplate: { Networks: [{ Target }] } });
  const now = facts({
    services: [service('shop_api', { spec: on('n2') })],
    networks: [network('shop_inside', { id: 'n2' })],
  });
  const networks = [network('shop_inside', { id: 'n1' })];
  expect(describeDesired(now, { specs: [on('n1')], networks }, [])[0]).toContain('nothing would change');
});
