import { planIds } from '../../plan/pushes/plan-rotation.ts';
import { renewNetworks } from '../../plan/spec/network-ids.ts';
import type { LiveNetwork } from '../../shared/network.ts';
import type { ServiceSpec } from '../../shared/service-spec.ts';
import type { Swarm } from '../../shared/swarm.ts';
import { recreateNetworks } from '../../swarm/recreate-objects.ts';
import { restoreServices } from '../../swarm/restore-stack.ts';
import { convergedState, stayStable } from '../../swarm/stay-stable.ts';
import { awaitRollout } from '../await-rollout.ts';
import type { Deployment, Step } from '../step.ts';
import { removalOptions } from '../wait-limits.ts';

/** Services get the specs that are aimed at, are made again, or go. */
export const pushSpecs: Step = {
  name: 'push the specs',
  isChange: () => true,
  describe: () => [
    'every service gets the spec that it is to have: digests, replicas, versions of secrets and configs',
  ],
  async run(deployment) {
    const { release, tools, outputs } = deployment;
    const specs = await findSpecs(deployment);
    const wanted = specs.map((spec) => ({ name: spec.Name, spec }));
    await restoreServices(removalOptions(deployment), wanted);
    const deployed = await tools.swarm.readServices(release.stack);
    const converged = await awaitRollout(deployment, {
      names: wanted.map(({ name }) => name),
      deployed,
      areGood: stayStable(convergedState, outputs.before?.taskIds),
    });
    return { deployed, converged };
  },
};

/** With the ids of the networks, and of the secrets and configs that were just made. */
async function findSpecs({
  release,
  outputs,
  tools: { swarm },
}: Deployment): Promise<readonly ServiceSpec[]> {
  const { specs = [], networks = [], objects = [] } = outputs.desired ?? {};
  const named = networks.length > 0 ? await onNetworks(specs, networks, release.stack, swarm) : specs;
  if (objects.length === 0) return named;
  const [secrets, configs] = await Promise.all([swarm.readObjects('secret'), swarm.readObjects('config')]);
  return planIds(named, { secrets, configs });
}

/** On the networks that there are by then: one that is gone is made again, and has another id. */
async function onNetworks(
  specs: readonly ServiceSpec[],
  networks: readonly LiveNetwork[],
  stack: string,
  swarm: Swarm,
): Promise<readonly ServiceSpec[]> {
  await recreateNetworks(swarm, networks, await swarm.readNetworks());
  return renewNetworks(specs, networks, await swarm.readNetworks(stack));
}
