import { pushImages } from '../../build/push-images.ts';
import { platformsOf } from '../../plan/placement/platforms-of.ts';
import type { Build, Digests } from '../../plan/release/release.ts';
import { renderPlatforms } from '../../plan/render/render-release.ts';
import { DeployError } from '../../shared/errors.ts';
import { tagsOf } from '../../shared/image-name.ts';
import { settleAll } from '../../shared/settle-all.ts';
import type { RegistryReads } from '../../shared/swarm.ts';
import type { Step } from '../step.ts';

export const buildImages: Step = {
  name: 'build and push images',
  describe: ({ builds, settings: { PUSH_LATEST_TAG: latest } }) =>
    builds.map((build) => `${tagsOf(build.image, { latest }).join(' and ')} for ${renderPlatforms(build)}`),
  async run({ release, facts, tools, outputs }) {
    const platforms = (build: Build) => platformsOf(build, release, facts.nodes);
    const digests = await pushImages(release, platforms, tools);
    await requirePushed(release.builds, digests, platforms, tools.swarm);
    for (const [image, digest] of Object.entries(digests)) tools.log.info(`${image} is ${digest}`);
    return { digests: { ...outputs.digests, ...digests } };
  },
};

/** The next link of the chain: what the manager finds in the registry is what was pushed, for every platform. */
async function requirePushed(
  builds: readonly Build[],
  digests: Digests,
  platformsFor: (build: Build) => readonly string[],
  registry: RegistryReads,
): Promise<void> {
  const asking = builds.map(async (build) => {
    const { image } = build;
    const { digest, platforms } = await registry.readImage(image);
    const missing = platformsFor(build).filter((platform) => !platforms.includes(platform));
    if (digest !== digests[image])
      throw new DeployError('BUILD_FAILED', `${image} is not what was pushed`, {
        details: [`pushed ${digests[image]}`, `in the registry ${digest}`],
        hint: 'somebody else pushes to the same tag: deploy again',
      });
    if (platforms.length > 0 && missing.length > 0)
      throw new DeployError('BUILD_FAILED', `${image} in the registry lacks ${missing.join(', ')}`);
  });
  await settleAll(asking, 'BUILD_FAILED');
}
