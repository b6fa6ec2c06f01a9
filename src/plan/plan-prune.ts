import type { ServiceSpec } from '../shared/service-spec.ts';
import type { SwarmObject } from '../shared/swarm.ts';
import { KEY_LABEL } from './labels.ts';
import { listReferences } from './spec/references.ts';

/** Secrets and configs that must stay, and for what. */
export interface ReferenceHolder {
  /** `the service shop_api`, `release r41`. */
  readonly by: string;
  /** All that it has. */
  readonly spec?: ServiceSpec | undefined;
  readonly names?: readonly string[];
}

export interface PruneDecision {
  readonly name: string;
  /** Why it stays; undefined: it may go. */
  readonly why: string | undefined;
}

/**
 * What becomes of each version of a secret, or of a config: it may go beyond the newest `keep` of its key, unless some
 * spec or a journal names it. Docker itself would let one go that only a PreviousSpec names, and break its rollback.
 * `unread`: a record that may name any of them.
 */
export function planPrune(
  objects: readonly SwarmObject[],
  namings: readonly ReferenceHolder[],
  keep: number,
  unread?: string,
): readonly PruneDecision[] {
  const named = new Map(
    namings.flatMap(({ by, spec, names = referenced(spec) }) => names.map((name) => [name, by])),
  );
  const newestFirst = objects.toSorted(
    (a, b) => b.createdAt.localeCompare(a.createdAt) || b.name.localeCompare(a.name),
  );
  return newestFirst.map((object, index) => {
    const { id, name } = object;
    const newer = newestFirst.slice(0, index).filter((other) => keyOf(other) === keyOf(object));
    const by = named.get(name) ?? named.get(id);
    if (by) return { name, why: `${by} names it` };
    if (newer.length < keep) return { name, why: `of the newest ${keep}` };
    return { name, why: unread && `${unread} cannot be read, and may name it` };
  });
}

const keyOf = ({ labels }: SwarmObject) => labels[KEY_LABEL] ?? '';

/** Names and ids: Swarm goes by the id, and people by the name. */
const referenced = (spec: ServiceSpec | undefined) =>
  spec ? listReferences(spec).flatMap(({ id, name }) => [id, name]) : [];
