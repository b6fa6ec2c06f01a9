import { expect, test } from 'vitest';
import type { PushContext } from '../../../src/pipeline/push/push-forward.ts';
import { requireRollbackTarget } from '../../../src/pipeline/push/rollback.ts';
import { DeployError } from '../../../src/shared/errors.ts';
import type { Swarm } from '../../../src/shared/swarm.ts';
import { failedRecord, releaseRecord } from '../../fakes/records.ts';
import { facts } from '../../fakes/swarm.ts';

const API = 'r.io/api:1@sha256:aa';
const WEB = 'r.io/web:1@sha256:bb';
const of = (Image: string, secrets: readonly string[] = []) => ({
  Name: Image,
  TaskTemplate: {
    ContainerSpec: { Image, Secrets: secrets.map((name) => ({ SecretID: name, SecretName: name })) },
  },
});
const to = releaseRecord(1, { services: [of(API), of(WEB, ['key_v1']), of(WEB, ['key_v1'])] });
const key = { id: 'key_v1', name: 'key_v1', labels: {}, createdAt: '' };

/** A cluster whose registry has these images. */
function scene(images: readonly string[], change: Parameters<typeof facts>[0] = {}): PushContext {
  const readImage = async (image: string) => {
    if (images.includes(image)) return { digest: '', platforms: [] };
    throw new DeployError('REGISTRY_REFUSED', `${image} is not there`);
  };
  const swarm = { readImage } as unknown as Swarm;
  return { stack: 'shop', facts: facts({ secrets: [key], ...change }), objects: [], swarm };
}

test('one goes back to what is all there', async () => {
  await expect(requireRollbackTarget(to, scene([API, WEB]), false)).resolves.toBeUndefined();
});

test.each([
  ['an image', to, scene([API]), [`${WEB} is not there`]],
  [
    'every image, and a secret',
    to,
    scene([], { secrets: [] }),
    ['the secret key_v1 is gone', `${API} is not there`, `${WEB} is not there`],
  ],
  ['whether it ever ran', failedRecord(2), scene([]), ['r2 did not come up: UNHEALTHY']],
])('nobody goes back to a release that lacks %s', async (_what, release, seen, details) => {
  await expect(requireRollbackTarget(release, seen, false)).rejects.toMatchObject({
    code: 'PREFLIGHT_FAILED',
    details,
    hint: expect.stringContaining('nothing was changed'),
  });
});
