import type { ClusterFacts } from '../changes/facts.ts';
import type { Release } from '../release/release.ts';
import { timeOf } from '../release/release-name.ts';
import { idOf } from './release-record.ts';

/**
 * A run of the same second, and of the same tag, had this id before: its bundle, its secrets, its journal would be taken
 * for those of this run. The ids of runs that wait for each other may well be of one second.
 */
export function isIdTaken(
  { stack, id, objects }: Pick<Release, 'stack' | 'id' | 'objects'>,
  { records, secrets, configs }: Pick<ClusterFacts, 'records' | 'secrets' | 'configs'>,
): boolean {
  const existing = { secret: secrets, config: configs };
  return (
    records.some((record) => idOf(record) === id || record.name === journalName(stack, id)) ||
    objects.some(({ kind, newName }) => existing[kind].some(({ name }) => name === newName))
  );
}

/** Of a run: one at a time has one. */
export const journalName = (stack: string, id: string) => `${stack}.waggle.j.${timeOf(id)}`;
