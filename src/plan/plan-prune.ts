import type { ServiceSpec } from '../shared/service-spec.ts';
import type { SwarmObject } from '../shared/swarm.ts';
import { KEY_LABEL } from './labels.ts';

/** Secrets and configs that must stay, and for what. */
export interface Naming {
  /** `the service shop_api`, `release r41`. */
  readonly by: string;
  /** All that it has. */
  readonly spec?: ServiceSpec | undefined;
  readonly names?: readonly string[];
}

export interface Fate {
  readonly name: string;
  /** Why it stays; undefined: it may go. */
  readonly why: string | undefined;
}

/**
 * What becomes of each version of a secret, or of a config: it may go beyond the newest `keep` of its key, unless some
 * spec or a journal names it. Docker itself would let one go that only a PreviousSpec names, and break its rollback.
 */
export function planPrune(
  objects: readonly SwarmObject[],
  namings: readonly Naming[],
  keep: number,
): readonly Fate[] {
  const named = new Map(
    namings.flatMap(({ by, spec, names = objectNames(spec) }) => names.map((name) => [name, by])),
  );
  const newestFirst = objects.toSorted(
    (a, b) => b.createdAt.localeCompare(a.createdAt) || b.name.localeCompare(a.name),
  );
  return newestFirst.map((object, index) => {
    const newer = newestFirst.slice(0, index).filter((other) => keyOf(other) === keyOf(object));
    const by = named.get(object.name);
    if (by) return { name: object.name, why: `${by} names it` };
    return { name: object.name, why: newer.length < keep ? `of the newest ${keep}` : undefined };
  });
}

const keyOf = ({ labels }: SwarmObject) => labels[KEY_LABEL] ?? '';

function objectNames(spec: ServiceSpec | undefined): string[] {
  const { Secrets = [], Configs = [] } = spec?.TaskTemplate?.ContainerSpec ?? {};
  return [
    ...Secrets.flatMap(({ SecretName }) => SecretName ?? []),
    ...Configs.flatMap(({ ConfigName }) => ConfigName ?? []),
  ];
}
