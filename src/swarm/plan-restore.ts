import { isDeepStrictEqual } from 'node:util';
import type { ServiceSpec, SwarmNetwork, SwarmService } from '../shared/swarm.ts';

/** What a stack was before the first change to it. */
export interface Snapshot {
  readonly services: readonly SwarmService[];
  readonly networks: readonly SwarmNetwork[];
  /** Ids of all tasks that existed, so that later ones can be told apart without a clock. */
  readonly taskIds: ReadonlySet<string>;
  /** Service name -> how many tasks ran: all that a restore can be asked to bring back. */
  readonly running: ReadonlyMap<string, number>;
}

/** The changes that turn the stack that is into the stack that was. */
export interface Restore {
  readonly update: readonly { readonly id: string; readonly spec: ServiceSpec }[];
  readonly create: readonly ServiceSpec[];
  readonly removeServices: readonly string[];
  readonly removeNetworks: readonly string[];
}

export function planRestore(
  before: Snapshot,
  services: readonly SwarmService[],
  networks: readonly SwarmNetwork[],
): Restore {
  const now = new Map(services.map((service) => [service.name, service]));
  const was = new Map(before.services.map((service) => [service.name, service]));
  const wereNetworks = new Set(before.networks.map(({ id }) => id));
  const update = before.services.flatMap(({ name, spec }) => {
    const service = now.get(name);
    return service && !isUntouched(service, spec) ? [{ id: service.id, spec }] : [];
  });
  return {
    update,
    create: before.services.filter(({ name }) => !now.has(name)).map(({ spec }) => spec),
    removeServices: services.filter(({ name }) => !was.has(name)).map(({ id }) => id),
    removeNetworks: networks.filter(({ id }) => !wereNetworks.has(id)).map(({ id }) => id),
  };
}

/** A service that Swarm rolled back or paused is pushed again even with the right spec: that clears its status. */
function isUntouched({ spec, update }: SwarmService, recorded: ServiceSpec): boolean {
  return isDeepStrictEqual(spec, recorded) && (update === undefined || update.state === 'completed');
}

export function isNothing({ update, create, removeServices, removeNetworks }: Restore): boolean {
  return update.length + create.length + removeServices.length + removeNetworks.length === 0;
}
