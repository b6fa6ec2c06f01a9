import { DeployError } from '../shared/errors.ts';
import type { SwarmReads } from '../shared/swarm.ts';
import type { Facts } from './step.ts';

/** Asks the cluster, once, what the plan could not know. Reads only. */
export async function gatherFacts({ swarm }: { readonly swarm: SwarmReads }): Promise<Facts> {
  const { isManager, problem } = await swarm.readManager();
  if (isManager && !problem) return { nodes: await swarm.readNodes() };
  throw new DeployError(
    'PREFLIGHT_FAILED',
    problem || 'the host in DEPLOY_MANAGER_HOST is no Swarm manager',
    {
      hint: problem
        ? 'bring the managers back until more than half are reachable'
        : 'name a manager: `docker node ls` on any manager lists them',
    },
  );
}
