import { DeployError } from '../shared/errors.ts';
import { suggest } from '../shared/suggest.ts';
import type { SwarmService } from '../shared/swarm.ts';

/** The service that the stack file names so. Throws USAGE when the stack has none. */
export function findService(stack: string, services: readonly SwarmService[], name: string): SwarmService {
  const found = services.find((service) => service.name === `${stack}_${name}`);
  if (found) return found;
  const names = services.map((service) => service.name.slice(stack.length + 1)).sort();
  throw new DeployError('USAGE', `${stack} has no service ${name}${suggest(name, names)}`, {
    hint: names.length > 0 ? `its services: ${names.join(', ')}` : 'nothing is deployed yet',
  });
}
