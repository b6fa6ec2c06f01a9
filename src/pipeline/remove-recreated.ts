import { allOf } from '../shared/all-of.ts';
import type { Deployment } from './step.ts';

/**
 * Services that Docker cannot change go just before the stack file is deployed that makes them again. By id: one of an
 * earlier wave is another by then. `names`: those that the stack file has.
 */
export async function removeRecreated(
  { release: { stack }, facts, learned: { recreated = [] }, tools: { swarm } }: Deployment,
  names: readonly string[] = recreated,
): Promise<void> {
  const going = names.filter((name) => recreated.includes(name)).map((name) => `${stack}_${name}`);
  const removing = facts.services
    .filter(({ name }) => going.includes(name))
    .map(({ id }) => swarm.removeService(id));
  await allOf(removing, 'DEPLOY_FAILED');
}
