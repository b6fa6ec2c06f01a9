import type { SwarmRecord } from '../../shared/swarm.ts';
import { cameUp, releaseHeads, resultOf } from './release-record.ts';

export interface ReleaseFate {
  readonly head: SwarmRecord;
  /** Why it stays; undefined: it may go. */
  readonly why: string | undefined;
}

/** Releases may go beyond the newest `keep` that ran, and the newest `keep` that failed. Of each the oldest first. */
export function planPruneReleases(records: readonly SwarmRecord[], keep: number): readonly ReleaseFate[] {
  const heads = releaseHeads(records);
  const fatesOf = (some: readonly SwarmRecord[], what: string) =>
    some.map((head, at) => ({
      head,
      why: at < some.length - keep ? undefined : `of the newest ${keep} that ${what}`,
    }));
  return [
    ...fatesOf(
      heads.filter((head) => cameUp(resultOf(head))),
      'ran',
    ),
    ...fatesOf(
      heads.filter((head) => !cameUp(resultOf(head))),
      'failed',
    ),
  ];
}
