import type { ServiceSpec } from '../shared/service-spec.ts';
import { settleAll } from '../shared/settle-all.ts';
import type { Swarm } from '../shared/swarm.ts';

/** Waggle's own services, in a stack of their own: created, used, and always removed. */
export async function runOneShotServices<T>(
  swarm: Swarm,
  stack: string,
  specs: readonly ServiceSpec[],
  work: () => Promise<T>,
): Promise<T> {
  try {
    const creating = specs.map((spec) => swarm.createService(spec));
    await settleAll(creating, 'DEPLOY_FAILED');
    return await work();
  } finally {
    await removeOneShotServices(swarm, stack);
  }
}

/** Also what a run that was killed left. */
export async function removeOneShotServices(swarm: Swarm, stack: string): Promise<void> {
  const left = await swarm.readServices(stack);
  const removing = left.map(({ id }) => swarm.removeService(id));
  await settleAll(removing, 'RESTORE_FAILED');
}
