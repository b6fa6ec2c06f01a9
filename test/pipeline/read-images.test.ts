import { expect, test } from 'vitest';
import { readImages } from '../../src/pipeline/read-images.ts';
import type { Release } from '../../src/plan/release/release.ts';
import { DeployError } from '../../src/shared/errors.ts';

const release = {
  tag: 'v9',
  builds: [],
  services: [
    { name: 'api', image: 'r/api:v9' },
    { name: 'cache', image: 'redis:7' },
  ],
} as unknown as Release;

/** A registry that answers so for one image, and has the other. */
const registry = (wrong: string, statusCode: number) => ({
  readImage: async (image: string) => {
    const cause = Object.assign(new Error('manifest unknown'), { statusCode });
    if (image === wrong) throw new DeployError('REGISTRY_REFUSED', 'cannot look up', { cause });
    return { digest: 'sha256:1', platforms: [], isBroken: false };
  },
});

test.each([
  ['r/api:v9', 404, /r\/api:v9.* api /, /--tag/],
  ['redis:7', 404, /redis:7.* cache /, /stack file/],
])(
  'an image %s that the registry does not have names its service and what to do',
  async (image, status, message, hint) => {
    await expect(readImages(release, registry(image, status))).rejects.toMatchObject({
      code: 'REGISTRY_REFUSED',
      message: expect.stringMatching(message),
      hint: expect.stringMatching(hint),
    });
  },
);

test('a registry that refuses is not said to lack the image', async () => {
  await expect(readImages(release, registry('redis:7', 401))).rejects.toMatchObject({
    message: 'cannot look up',
  });
});
