import { pushImages } from '../../build/push-images.ts';
import { renderPlatforms } from '../../plan/render-plan.ts';
import type { Step } from '../step.ts';

export const buildImages: Step = {
  name: 'build and push images',
  describe: ({ builds, settings }) =>
    settings.SKIP_BUILD
      ? []
      : builds.map((build) => `${build.image} for ${renderPlatforms(build, settings.BUILD_PLATFORMS)}`),
  async run({ release, facts, tools }) {
    const platforms = new Set(facts.nodes.filter(({ usable }) => usable).map(({ platform }) => platform));
    const digests = await pushImages(release, [...platforms].sort(), tools);
    for (const [image, digest] of Object.entries(digests)) tools.log.info(`${image} is ${digest}`);
    return { digests };
  },
};
