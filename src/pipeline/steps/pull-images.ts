import { newImages, type Pull, planPulls, pullStack } from '../../plan/placement/plan-pulls.ts';
import { countOf } from '../../shared/count-of.ts';
import { settleAll } from '../../shared/settle-all.ts';
import { removeOneShotServices } from '../../swarm/one-shot-services.ts';
import { pullImages as pull } from '../../swarm/pull-images.ts';
import type { Deployment, Step } from '../step.ts';

/**
 * Before the first old task stops: no task then waits for a pull, and a login that the nodes cannot use breaks nothing.
 */
export const pullImages: Step = {
  name: 'pull the images on the nodes',
  describe: () => ['every new image, on every node that may run it'],
  async run(deployment) {
    const { release, facts, tools } = deployment;
    const { swarm, log, signal } = tools;
    const stack = pullStack(release.stack);
    const [pulls] = await Promise.all([findPulls(deployment), removeOneShotServices(swarm, stack)]);
    for (const { image, nodes } of pulls) log.debug(`${image} on ${countOf(nodes.length, 'node')}`);
    if (pulls.length === 0) return undefined;
    const nameOf = (nodeId: string) => facts.nodes.find(({ id }) => id === nodeId)?.hostname ?? nodeId;
    const timeoutMs = release.settings.DEPLOY_TIMEOUT * 1000;
    await pull({ swarm, stack, pulls, nameOf, signal, timeoutMs, log });
    return undefined;
  },
};

async function findPulls(deployment: Deployment): Promise<readonly Pull[]> {
  const { release, facts, tools, outputs } = deployment;
  const images = new Set(newImages(release, facts.services, outputs.digests).map(({ image }) => image));
  const asking = [...images].map(
    async (image) => [image, (await tools.swarm.readImage(image)).platforms] as const,
  );
  const platforms = Object.fromEntries(await settleAll(asking, 'REGISTRY_REFUSED'));
  return planPulls(release, facts, outputs.digests, platforms).filter(({ nodes }) => nodes.length > 0);
}
