import { expect, test } from 'vitest';
import type { Deployment } from '../../src/pipeline/step.ts';
import { buildImages } from '../../src/pipeline/steps/build-images.ts';
import { silentLog } from '../../src/shared/recording-log.ts';
import { builtRelease, fakeBuilder, IMAGE, PUSHED, useEmptyMachine } from '../fakes/builder.ts';
import { node } from '../fakes/swarm.ts';

useEmptyMachine();

const BOTH = ['linux/amd64', 'linux/arm64'];
const FOUND = { digest: PUSHED, platforms: BOTH };

/** Builds for a cluster of both platforms, whose manager finds this in the registry. */
const build = (found: typeof FOUND) =>
  buildImages.run({
    release: builtRelease(),
    facts: { nodes: [node('a'), node('b', { platform: 'linux/arm64' })] },
    outputs: { digests: { 'redis:7': 'sha256:00' } },
    tools: {
      local: fakeBuilder().local,
      swarm: { readImage: async () => found },
      log: silentLog,
      signal: new AbortController().signal,
    },
  } as unknown as Deployment);

test.each([
  ['what was pushed', FOUND],
  ['what was pushed, of platforms that it does not tell', { ...FOUND, platforms: [] }],
])('a registry that has %s is believed', async (_what, found) => {
  expect(await build(found)).toEqual({ digests: { 'redis:7': 'sha256:00', [IMAGE]: PUSHED } });
});

test.each([
  [
    'another digest',
    { ...FOUND, digest: 'sha256:bb' },
    {
      message: `${IMAGE} is not what was pushed`,
      details: [`pushed ${PUSHED}`, 'in the registry sha256:bb'],
    },
  ],
  [
    'one platform',
    { ...FOUND, platforms: ['linux/amd64'] },
    { message: `${IMAGE} in the registry lacks linux/arm64` },
  ],
])('one that has %s is not', async (_what, found, failure) => {
  await expect(build(found)).rejects.toMatchObject({ code: 'BUILD_FAILED', ...failure });
});
