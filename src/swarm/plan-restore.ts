import { isDeepStrictEqual } from 'node:util';
import type { ObjectKind } from '../plan/release/release.ts';
import { modeOf } from '../plan/spec/mode-of.ts';
import type { Templates } from '../plan/spec/templates.ts';
import type { LiveNetwork } from '../shared/network.ts';
import type { ServiceSpec } from '../shared/service-spec.ts';
import type { SwarmObject, SwarmService } from '../shared/swarm.ts';

/** What a stack was before the first change to it. */
export interface Snapshot {
  readonly services: readonly SwarmService[];
  /** What of them must not be shown. */
  readonly templates: Templates;
  /** Of the stack, and others that its services are on. */
  readonly networks: readonly LiveNetwork[];
  /** Secrets and configs that its services name. */
  readonly used: readonly UsedObject[];
  /** Ids of all tasks that existed: later ones are recognized without a clock. */
  readonly taskIds: ReadonlySet<string>;
  /** Service name -> number of running tasks: a restore cannot start more. */
  readonly running: ReadonlyMap<string, number>;
}

/** All that it takes to make it again, but a secret's value. */
export interface UsedObject extends SwarmObject {
  readonly kind: ObjectKind;
}

/** A service as it is to be. */
export type RecordedService = Pick<SwarmService, 'name' | 'spec'>;

/** The changes that turn the services that are into the services that were. */
export interface Restore {
  readonly update: readonly { readonly id: string; readonly spec: ServiceSpec }[];
  /** A mode does not change in place: removed, and made again. */
  readonly replace: readonly { readonly id: string; readonly spec: ServiceSpec }[];
  readonly create: readonly ServiceSpec[];
  /** Ids. */
  readonly remove: readonly string[];
}

/** `isEvery`: unchanged services are updated, too: no task restarts, and Swarm refuses clients that know an older version. */
export function planRestore(
  before: readonly RecordedService[],
  services: readonly SwarmService[],
  isEvery = false,
): Restore {
  const now = new Map(services.map((service) => [service.name, service]));
  const was = new Set(before.map(({ name }) => name));
  const changed = before.flatMap(({ name, spec }) => {
    const service = now.get(name);
    return service && (isEvery || !isUntouched(service, spec))
      ? [{ id: service.id, spec, now: service.spec }]
      : [];
  });
  const ofKind = (isReplaced: boolean) =>
    changed
      .filter(({ spec, now }) => (modeOf(spec) !== modeOf(now)) === isReplaced)
      .map(({ id, spec }) => ({ id, spec }));
  return {
    update: ofKind(false),
    replace: ofKind(true),
    create: before.filter(({ name }) => !now.has(name)).map(({ spec }) => spec),
    remove: services.filter(({ name }) => !was.has(name)).map(({ id }) => id),
  };
}

/** A service that Swarm rolled back or paused is pushed again even with the right spec: that clears its status. */
function isUntouched({ spec, update }: SwarmService, recorded: ServiceSpec): boolean {
  return isDeepStrictEqual(spec, recorded) && (update === undefined || update.state === 'completed');
}
