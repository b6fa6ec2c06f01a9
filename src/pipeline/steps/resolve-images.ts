import type { Release } from '../../plan/release.ts';
import { allOf } from '../../shared/all-of.ts';
import type { Step } from '../step.ts';

/** Images that are not built now: other people's, and with SKIP_BUILD our own. Each once. */
export const resolveImages: Step = {
  name: 'look up image digests',
  describe: (release) => imagesToResolve(release).map((image) => `${image} in its registry`),
  async run({ release, tools: { swarm }, learned }) {
    const images = imagesToResolve(release);
    const reading = images.map(async (image) => [image, await swarm.readDigest(image)]);
    const digests = await allOf(reading, 'REGISTRY_REFUSED');
    return { digests: { ...learned.digests, ...Object.fromEntries(digests) } };
  },
};

function imagesToResolve({ services, builds, settings }: Release): readonly string[] {
  const built = settings.SKIP_BUILD ? [] : builds.map(({ image }) => image);
  const images = new Set(services.map(({ image }) => image));
  return [...images].filter((image) => !built.includes(image) && !image.includes('@'));
}
