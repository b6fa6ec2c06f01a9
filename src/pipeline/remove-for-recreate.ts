import { removeServices } from '../swarm/remove-services.ts';
import type { Deployment } from './step.ts';
import { removalOptions } from './wait-limits.ts';

/**
 * Services that Docker would not turn into what the stack file says, as that names them, go just before it is deployed.
 * By the ids of when the run began: one that an earlier wave made again is another by then.
 */
export async function removeForRecreate(deployment: Deployment, names: readonly string[]): Promise<void> {
  const going = names.map((name) => `${deployment.release.stack}_${name}`);
  const services = deployment.facts.services.filter(({ name }) => going.includes(name));
  if (services.length === 0) return;
  const ids = services.map(({ id }) => id);
  await removeServices(removalOptions(deployment), ids);
}
