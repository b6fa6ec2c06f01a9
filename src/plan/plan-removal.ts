import { countOf } from '../shared/count-of.ts';
import type { LiveNetwork } from '../shared/network.ts';
import type { Labels, ServiceSpec } from '../shared/service-spec.ts';
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
  /** Volumes of the stack that its services mount. */
  readonly volumes: readonly string[];
}

/** What lies on the nodes. Without `volumes`, those of the stack stay. */
export interface OnNodes {
  readonly bundles: readonly string[];
  readonly volumes?: readonly string[];
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
    volumes: [...new Set(facts.services.flatMap(({ spec }) => listOwnVolumes(stack, spec)))],
  };
}

/** An external volume has no label of the stack. */
function listOwnVolumes(stack: string, { TaskTemplate }: ServiceSpec): readonly string[] {
  const mounts = (TaskTemplate?.ContainerSpec?.Mounts ?? []) as readonly VolumeMount[];
  return mounts.flatMap(({ Source, VolumeOptions }) =>
    Source && VolumeOptions?.Labels?.[STACK_NAMESPACE] === stack ? [Source] : [],
  );
}

interface VolumeMount {
  readonly Source?: string;
  readonly VolumeOptions?: { readonly Labels?: Labels };
}

/** A line for each object that goes, or that is kept; each kind is sorted, r2 before r10. */
export function renderRemoval(removal: Removal, { bundles, volumes }: OnNodes): string {
  const { services, networks, objects, records } = removal;
  const { compare } = new Intl.Collator('en', { numeric: true });
  const listed = (kind: string, names: readonly string[]) =>
    names.toSorted(compare).map((name) => `${kind} ${name}`);
  const namesOf = (all: readonly { readonly name: string }[]) => all.map(({ name }) => name);
  const going = [
    ...listed('service', namesOf(services)),
    ...listed('network', namesOf(networks)),
    ...(['secret', 'config'] as const).flatMap((kind) =>
      listed(kind, namesOf(objects.filter((object) => object.kind === kind))),
    ),
    ...listed('record', namesOf(records)),
    ...listed('bundle', bundles),
    ...listed('volume', volumes ?? []),
  ];
  const staying = volumes ? [] : listed('volume', removal.volumes);
  const kept = [...removal.kept.toSorted(compare), ...staying.map((line) => `${line}: --volumes removes it`)];
  return [
    ...(going.length > 0 ? ['remove', ...going.map((line) => `- ${line}`)] : ['nothing to remove']),
    ...(kept.length > 0 ? ['keep', ...kept.map((line) => `  ${line}`)] : []),
  ].join('\n');
}

/** `3 services, 1 network, 2 secrets and configs, 4 records`. */
export function countRemoval({ services, networks, objects, records }: Removal): string {
  return [
    countOf(services.length, 'service'),
    countOf(networks.length, 'network'),
    countOf(objects.length, 'secret or config', 'secrets and configs'),
    countOf(records.length, 'record'),
  ].join(', ');
}
