import type { SwarmRecord } from '../../shared/swarm.ts';
import { isLeft } from './find-release.ts';
import { judgeRelease, releaseHeads } from './release-record.ts';

export interface ReleaseFate {
  readonly head: SwarmRecord;
  /** Why it stays; undefined: it may go. */
  readonly why: string | undefined;
}

/**
 * Releases may go beyond the newest `keep` that ran, and the newest `keep` that failed. Of each the oldest first. One
 * that cannot be read stays: nobody knows which of the two it is.
 */
export function planPruneReleases(records: readonly SwarmRecord[], keep: number): readonly ReleaseFate[] {
  const judged = releaseHeads(records).map((head) => ({ head, ...judgeRelease(head, records) }));
  const known = judged.flatMap((one) => ('value' in one ? [one] : []));
  const headsOf = (hasRun: boolean) =>
    known.filter(({ value }) => isLeft(value) === hasRun).map(({ head }) => head);
  const fatesOf = (some: readonly SwarmRecord[], what: string) =>
    some.map((head, at) => ({
      head,
      why: at < some.length - keep ? undefined : `of the newest ${keep} that ${what}`,
    }));
  return [
    ...fatesOf(headsOf(true), 'ran'),
    ...fatesOf(headsOf(false), 'failed'),
    ...judged.flatMap((one) => ('damage' in one ? [{ head: one.head, why: one.damage.why }] : [])),
  ];
}
