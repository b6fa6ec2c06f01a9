import { imagesToResolve } from '../../plan/release/images.ts';
import { type Checkup, type Finding, fine, problem } from '../checkup.ts';

/** Images that are not built now can be pulled, for a platform that there is. */
export const images: Checkup = {
  name: 'images',
  async look({ release, nodes, tools: { swarm, mask } }) {
    const wanted = imagesToResolve(release);
    const there = new Set(nodes.map(({ platform }) => platform));
    const found = await Promise.all(
      wanted.map((image) =>
        swarm.readImage(image).then(
          ({ platforms }): readonly Finding[] =>
            platforms.length === 0 || platforms.some((platform) => there.has(platform))
              ? []
              : [
                  problem(
                    `${image} is for ${platforms.join(', ')}, which no node is`,
                    'build it for the nodes, or add one',
                  ),
                ],
          (error: Error): readonly Finding[] => [
            problem(mask(error.message), 'push it, or correct its name'),
          ],
        ),
      ),
    );
    const problems = found.flat();
    return problems.length > 0
      ? problems
      : [fine(`all ${wanted.length} that are not built are in their registries`)];
  },
};
