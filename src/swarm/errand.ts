import { allOf } from '../shared/all-of.ts';
import type { ServiceSpec } from '../shared/service-spec.ts';
import type { Swarm } from '../shared/swarm.ts';

/** Services of Waggle's own, in a stack of their own: made, worked with, and removed whatever becomes of them. */
export async function runErrand<T>(
  swarm: Swarm,
  stack: string,
  specs: readonly ServiceSpec[],
  work: () => Promise<T>,
): Promise<T> {
  try {
    const creating = specs.map((spec) => swarm.createService(spec));
    await allOf(creating, 'DEPLOY_FAILED');
    return await work();
  } finally {
    await removeErrand(swarm, stack);
  }
}

/** Also what a run that was killed left. */
export async function removeErrand(swarm: Swarm, stack: string): Promise<void> {
  const left = await swarm.readServices(stack);
  const removing = left.map(({ id }) => swarm.removeService(id));
  await allOf(removing, 'RESTORE_FAILED');
}
