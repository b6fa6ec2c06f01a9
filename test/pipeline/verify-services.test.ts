import { expect, test } from 'vitest';
import { judgeImages, judgeSpecs } from '../../src/pipeline/steps/verify-services.ts';
import { service, task } from '../fakes/swarm.ts';

const DIGEST = 'sha256:aa';
const of = (image: string) =>
  service('shop_api', { spec: { Name: 'shop_api', TaskTemplate: { ContainerSpec: { Image: image } } } });
const good = of(`r.io/api:1@${DIGEST}`);
const running = (image: string) => task({ serviceId: good.id, image });

test.each([
  ['as planned', good, [running(`r.io/api:1@${DIGEST}`)], []],
  [
    'another spec',
    of('r.io/api:1@sha256:bb'),
    [],
    ['shop_api is to run r.io/api:1@sha256:bb, not sha256:aa'],
  ],
  ['no digest', of('r.io/api:1'), [], ['shop_api is to run r.io/api:1, not sha256:aa']],
  [
    'another task',
    good,
    [running('r.io/api:1')],
    [expect.stringMatching(/^shop_api: the task .* runs r.io\/api:1, not/)],
  ],
  ['a task that is over', good, [{ ...running('r.io/api:0'), state: 'shutdown' }], []],
  ['a task of another service', good, [{ ...running('r.io/web:1'), serviceId: 'other' }], []],
])('%s', (_what, live, tasks, expected) => {
  expect(judgeImages(live, tasks, DIGEST)).toEqual(expected);
});

test('what somebody else changed meanwhile is named', () => {
  const other = of(`r.io/api:2@${DIGEST}`);
  expect(judgeSpecs([good], [good])).toEqual([]);
  expect(judgeSpecs([good], [])).toEqual(['shop_api is gone']);
  expect(judgeSpecs([good], [other])).toEqual([
    `shop_api was changed meanwhile: image r.io/api:1@${DIGEST} -> r.io/api:2@${DIGEST}`,
  ]);
});
