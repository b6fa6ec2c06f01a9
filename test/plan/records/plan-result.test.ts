import { expect, test } from 'vitest';
import { planResult } from '../../../src/plan/records/plan-result.ts';
import { release } from '../../fakes/inputs.ts';
import { service } from '../../fakes/swarm.ts';

const of = (image: string) => ({ TaskTemplate: { ContainerSpec: { Image: image } } });
const api = (tag: string) =>
  service('shop_api', { spec: { Name: 'shop_api', ...of(`r.io/api:${tag}@sha256:${tag}`) } });
const web = service('shop_web', { spec: { Name: 'shop_web', ...of('r.io/web') } });

test.each([
  ['nothing', [web, api('1')], [api('1'), web], false],
  ['another image', [web, api('1')], [web, api('2')], true],
  ['a service that is new', [web], [web, api('1')], true],
  ['a service that is gone', [web, api('1')], [api('1')], true],
])('%s has changed', (_what, before, deployed, changed) => {
  expect(planResult(release(), 42, before, deployed)).toMatchObject({ release: 'r42', changed });
});

test('the digests are those that run, and the page names every service', () => {
  const { digests, summary } = planResult(release(), 42, [], [web, api('1')]);
  expect(digests).toEqual({ 'r.io/api:1': 'sha256:1' });
  expect(summary).toMatch(/^### r42 of \w+ runs: /);
  expect(summary.split('\n').slice(-2)).toEqual([
    '| shop_api | 1 | `r.io/api:1@sha256:1` |',
    '| shop_web | 1 | `r.io/web` |',
  ]);
});
