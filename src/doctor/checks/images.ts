import { imagesToResolve } from '../../plan/release/images.ts';
import { registryOf } from '../../shared/image-name.ts';
import type { RegistryImage } from '../../shared/swarm.ts';
import { type Checkup, type Finding, fine, problem } from '../checkup.ts';

/** Images that are not built now are in their registries, for a platform that there is. Their layers are not asked for. */
export const images: Checkup = {
  name: 'images',
  async look({ release, nodes, tools: { swarm } }) {
    const wanted = imagesToResolve(release);
    const there = new Set(nodes.map(({ platform }) => platform));
    const found = await Promise.all(
      wanted.map((image) =>
        swarm.readImage(image).then(
          (held) => judgeImage(image, held, there),
          (error: Error): readonly Finding[] => [problem(error.message, 'push it, or correct its name')],
        ),
      ),
    );
    const problems = found.flat();
    return problems.length > 0
      ? problems
      : [fine(`all ${wanted.length} that are not built are in their registries`)];
  },
};

export function judgeImage(
  image: string,
  { platforms, isBroken }: RegistryImage,
  there: ReadonlySet<string>,
): readonly Finding[] {
  if (isBroken)
    return [
      problem(
        `${image} cannot be pulled: the registry has its manifest, but does not give its configuration`,
        `look at where ${registryOf(image)} keeps its blobs; docker pull on a node says why`,
      ),
    ];
  if (platforms.length === 0 || platforms.some((platform) => there.has(platform))) return [];
  return [
    problem(
      `${image} is for ${platforms.join(', ')}, which no node is`,
      'build it for the nodes, or add one',
    ),
  ];
}
