import { describeAge } from '../shared/age.ts';
import type { SwarmObject, SwarmService } from '../shared/swarm.ts';
import { renderTable } from '../shared/table.ts';
import { KEY_LABEL, STACK_LABEL } from './labels.ts';
import { listReferences } from './spec/references.ts';

/** A version of a secret or config that Waggle made. */
export interface Version {
  readonly kind: 'secret' | 'config';
  /** As the stack file names it. */
  readonly key: string;
  /** As the cluster does. */
  readonly name: string;
  /** ISO 8601. */
  readonly createdAt: string;
  /** Services whose spec names it. */
  readonly usedBy: readonly string[];
}

/** By key, the newest first. */
export function planVersionList(
  stack: string,
  kind: Version['kind'],
  objects: readonly SwarmObject[],
  services: readonly SwarmService[],
): readonly Version[] {
  return objects
    .filter(({ labels }) => labels[STACK_LABEL] === stack && labels[KEY_LABEL] !== undefined)
    .map(({ id, name, labels, createdAt }) => ({
      kind,
      key: labels[KEY_LABEL] ?? '',
      name,
      createdAt,
      usedBy: services
        .filter(({ spec }) => listReferences(spec).some((reference) => reference.id === id))
        .map((service) => service.name.slice(stack.length + 1))
        .sort(),
    }))
    .sort((a, b) => a.key.localeCompare(b.key) || b.createdAt.localeCompare(a.createdAt));
}

/** `now` in ms, for ages. */
export function renderVersions(versions: readonly Version[], now: number): string {
  if (versions.length === 0) return 'the stack has no secrets and configs of Waggle';
  return renderTable([
    ['', 'name', 'age', 'used by', 'version'],
    ...versions.map(({ kind, key, createdAt, usedBy, name }) => [
      kind,
      key,
      describeAge(createdAt, now),
      usedBy.join(', ') || 'none',
      name,
    ]),
  ]).join('\n');
}
