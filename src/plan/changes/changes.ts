import type { ObjectKind } from '../release/release.ts';

/**
 * What a deploy does to a service. `restart`: Swarm replaces its tasks; `update`: in place, tasks go on;
 * `recreate`: it is removed and made again, as Docker cannot do it to a service that exists; `run`: a job of the release phase.
 */
export type Action = 'run' | 'create' | 'restart' | 'update' | 'recreate' | 'remove' | 'nothing';

export interface ServiceChange {
  /** As the stack file names it. */
  readonly name: string;
  readonly action: Action;
  readonly fields: readonly FieldChange[];
  /** How many tasks end and how many begin; undefined where only Swarm knows (global services). */
  readonly stops: number | undefined;
  readonly starts: number | undefined;
  /** How Swarm goes about it, and what the operator should know. */
  readonly notes: readonly string[];
}

export interface FieldChange {
  readonly name: string;
  readonly change: 'added' | 'removed' | 'changed';
  /** Absent for values that are not shown: those of the environment. Of others the sensitive ones are `${NAME}`. */
  readonly from?: string;
  readonly to?: string;
}

export interface ObjectChange {
  readonly kind: ObjectKind;
  readonly key: string;
  /** `reuse`: the cluster holds this content already. */
  readonly action: 'create' | 'reuse';
  readonly name: string;
}

export interface NetworkChange {
  readonly name: string;
  /** `keep`: Docker leaves it as it is, which is not what the stack file says. */
  readonly action: 'create' | 'keep';
  /** Of one that is kept: how it differs, and what to do. */
  readonly note?: string;
}

/** All that a deploy would change, in a stable order. */
export interface Changes {
  readonly services: readonly ServiceChange[];
  readonly objects: readonly ObjectChange[];
  readonly networks: readonly NetworkChange[];
}

/** As the stack file names them. */
export function listRecreated({ services }: Changes): readonly string[] {
  return services.filter(({ action }) => action === 'recreate').map(({ name }) => name);
}

export function isEmpty({ services, objects, networks }: Changes): boolean {
  const isQuiet = services.every(({ action }) => action === 'nothing' || action === 'run');
  return isQuiet && ![...networks, ...objects].some(({ action }) => action === 'create');
}
