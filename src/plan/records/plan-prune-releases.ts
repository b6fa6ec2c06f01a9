import type { SwarmRecord } from '../../shared/swarm.ts';
import { cameUp, releaseHeads, resultOf } from './release-record.ts';

/** The releases that may go: beyond the newest `keep` that ran, and the newest `keep` that failed. */
export function planPruneReleases(records: readonly SwarmRecord[], keep: number): readonly SwarmRecord[] {
  const heads = releaseHeads(records);
  const ran = heads.filter((head) => cameUp(resultOf(head)));
  const failed = heads.filter((head) => !cameUp(resultOf(head)));
  return [ran, failed].flatMap((some) => some.slice(0, -keep));
}
