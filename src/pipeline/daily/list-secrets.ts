import { planVersionList, renderVersions } from '../../plan/plan-version-list.ts';
import { atCluster } from '../at-cluster.ts';
import type { RunContext } from '../run-context.ts';

/** Shows every version of the stack's secrets and configs, and who uses it; never a value: the cluster gives none. */
export async function listSecrets(context: RunContext, target: string | undefined): Promise<void> {
  await atCluster(context, target, async ({ stack }, { swarm }) => {
    const [secrets, configs, services] = await Promise.all([
      swarm.readObjects('secret'),
      swarm.readObjects('config'),
      swarm.readServices(stack),
    ]);
    const versions = [
      ...planVersionList(stack, 'secret', secrets, services),
      ...planVersionList(stack, 'config', configs, services),
    ];
    context.print(renderVersions(versions, Date.now()));
  });
}
