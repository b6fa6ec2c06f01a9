import { expect, test } from 'vitest';
import type { Deployment } from '../../src/pipeline/step.ts';
import { checkHealth } from '../../src/pipeline/steps/check-health.ts';
import { judgeImages, judgeSpecs } from '../../src/pipeline/steps/verify-services.ts';
import { silentLog } from '../../src/shared/recording-log.ts';
import { release } from '../fakes/inputs.ts';
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
  expect(judgeSpecs([good.spec], [good.spec], [])).toEqual([]);
  expect(judgeSpecs([good.spec], [], [])).toEqual(['shop_api is gone']);
  expect(judgeSpecs([good.spec], [other.spec], [])).toEqual([
    `shop_api was changed meanwhile: image r.io/api:1@${DIGEST} -> r.io/api:2@${DIGEST}`,
  ]);
});

const scaled = (Replicas: number, live = good) =>
  service('shop_api', { spec: { ...live.spec, Mode: { Replicated: { Replicas } } } });

test.each([
  ['nothing', scaled(2), {}, 'fine'],
  ['only what Swarm notes', { ...scaled(2), version: 9 }, {}, 'fine'],
  ['the image', scaled(2, of('r.io/api:2')), {}, 'shop_api was changed meanwhile: image'],
  ['the scale', scaled(3), {}, 'shop_api was changed meanwhile: replicas 2 -> 3'],
  ['the scale, which is not ours', scaled(3), { KEEP_LIVE_SCALE: true }, 'fine'],
])('somebody changed, while health was asked for: %s', async (_what, now, change, expected) => {
  const read = release();
  const asked = {
    release: { ...read, settings: { ...read.settings, ...change } },
    tools: {
      swarm: { readServices: async () => [now] },
      log: silentLog,
      signal: new AbortController().signal,
    },
    outputs: { deployed: [scaled(2)] },
  } as unknown as Deployment;
  const outcome = await checkHealth.run(asked).then(
    () => ['fine'],
    ({ details }) => details,
  );
  expect(outcome).toEqual([expect.stringContaining(expected)]);
});
