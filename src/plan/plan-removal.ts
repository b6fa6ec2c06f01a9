import type { LiveNetwork } from '../shared/network.ts';
import type { SwarmObject, SwarmRecord, SwarmService } from '../shared/swarm.ts';
import type { ClusterFacts } from './changes/facts.ts';
import { STACK_LABEL, STACK_NAMESPACE } from './labels.ts';
import { findLock } from './records/lock.ts';
import type { ObjectKind } from './release/release.ts';
import { listReferences } from './spec/references.ts';

export interface Removal {
  readonly services: readonly SwarmService[];
  readonly networks: readonly LiveNetwork[];
  readonly objects: readonly (SwarmObject & { readonly kind: ObjectKind })[];
  /** Releases and journals, but not the lock, which the run gives back at its end. */
  readonly records: readonly SwarmRecord[];
  /** Objects of the stack that a service of another stack uses, a line each: they stay. */
  readonly kept: readonly string[];
}

/** Everything that belongs to the stack by its labels. `all`: the services of the whole cluster. */
export function planRemoval(
  stack: string,
  facts: Pick<ClusterFacts, 'services' | 'networks' | 'secrets' | 'configs' | 'records'>,
  all: readonly SwarmService[],
): Removal {
  const own = new Set(facts.services.map(({ id }) => id));
  const users = new Map(
    all
      .filter(({ id }) => !own.has(id))
      .flatMap(({ name, spec }) => listReferences(spec).map(({ id }) => [id, name] as const)),
  );
  const objects = (['secret', 'config'] as const).flatMap((kind) =>
    facts[`${kind}s`]
      .filter(({ labels }) => [labels[STACK_LABEL], labels[STACK_NAMESPACE]].includes(stack))
      .map((object) => ({ ...object, kind })),
  );
  const lock = findLock(facts.records);
  return {
    services: facts.services,
    networks: facts.networks.filter(({ labels }) => labels[STACK_NAMESPACE] === stack),
    objects: objects.filter(({ id }) => !users.has(id)),
    records: facts.records.filter(({ id }) => id !== lock?.id),
    kept: objects.flatMap(({ kind, id, name }) => {
      const user = users.get(id);
      return user ? [`${kind} ${name}: ${user} uses it`] : [];
    }),
  };
}

/** A line for each object that goes, or that is kept. */
export function renderRemoval(
  { services, networks, objects, records, kept }: Removal,
  volumes: readonly string[],
): string {
  const going = [
    ...services.map(({ name }) => `service ${name}`),
    ...networks.map(({ name }) => `network ${name}`),
    ...objects.map(({ kind, name }) => `${kind} ${name}`),
    ...records.map(({ name }) => `record ${name}`),
    ...volumes.map((volume) => `volume ${volume}`),
  ];
  return [
    ...(going.length > 0 ? ['remove', ...going.map((line) => `- ${line}`)] : ['nothing to remove']),
    ...(kept.length > 0 ? ['keep', ...kept.map((line) => `  ${line}`)] : []),
  ].join('\n');
}

/** `3 services, 1 network, 2 secrets and configs, 4 records`. */
export function countRemoval({ services, networks, objects, records }: Removal): string {
  const count = (number: number, one: string, more = `${one}s`) => `${number} ${number === 1 ? one : more}`;
  return [
    count(services.length, 'service'),
    count(networks.length, 'network'),
    count(objects.length, 'secret or config', 'secrets and configs'),
    count(records.length, 'record'),
  ].join(', ');
}
