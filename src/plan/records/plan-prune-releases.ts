import type { SwarmRecord } from '../../shared/swarm.ts';
import { isLeft } from './find-release.ts';
import { cameUp, parseRelease, releaseHeads, resultOf } from './release-record.ts';

export interface ReleaseFate {
  readonly head: SwarmRecord;
  /** Why it stays; undefined: it may go. */
  readonly why: string | undefined;
}

/** Releases may go beyond the newest `keep` that ran, and the newest `keep` that failed. Of each the oldest first. */
export function planPruneReleases(records: readonly SwarmRecord[], keep: number): readonly ReleaseFate[] {
  const heads = releaseHeads(records);
  // Most need not be unpacked for it.
  const hasRun = (head: SwarmRecord) => cameUp(resultOf(head)) || isLeft(parseRelease(head, records));
  const ran = heads.filter(hasRun);
  const fatesOf = (some: readonly SwarmRecord[], what: string) =>
    some.map((head, at) => ({
      head,
      why: at < some.length - keep ? undefined : `of the newest ${keep} that ${what}`,
    }));
  return [
    ...fatesOf(ran, 'ran'),
    ...fatesOf(
      heads.filter((head) => !ran.includes(head)),
      'failed',
    ),
  ];
}
