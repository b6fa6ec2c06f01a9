import type { SwarmRecord } from '../../shared/swarm.ts';
import { isLeft } from './find-release.ts';
import { hashOf, parseReleases, type ReleaseRecord, releaseHeads } from './release-record.ts';

export interface Audit {
  /** Releases whose predecessor is what it was when they were written. */
  readonly sound: readonly number[];
  /** Those of which it is not kept any more. */
  readonly first: readonly number[];
  /** Those of which it is another than it was. */
  readonly broken: readonly number[];
  /** Those that are gone, though pruning cannot have taken them. */
  readonly lost: readonly number[];
}

/** Holds each release against the hash that the next one has of it. Throws AUDIT_FAILED when one cannot be read. */
export function judgeAudit(records: readonly SwarmRecord[]): Audit {
  const heads = releaseHeads(records);
  const releases = parseReleases(records);
  const audit = {
    sound: [] as number[],
    first: [] as number[],
    broken: [] as number[],
    lost: [] as number[],
  };
  for (const [at, { number, previousHash }] of releases.entries()) {
    const [before, head] = [releases[at - 1], heads[at - 1]];
    if (!before || !head) audit.first.push(number);
    // A number between the two was that of a record that a killed run never finished.
    else if (hashOf(head, records) === previousHash) audit.sound.push(number);
    else if (before.number === number - 1) audit.broken.push(number);
    else {
      audit.first.push(number);
      audit.lost.push(...findLost(before.number, number, releases));
    }
  }
  return audit;
}

/** Of those that ran, and of those that failed, the oldest are pruned first: what is newer than one of each was not. */
function findLost(after: number, until: number, releases: readonly ReleaseRecord[]): readonly number[] {
  const oldest = [true, false].map((ran) => releases.find((release) => isLeft(release) === ran)?.number ?? 0);
  const between = Array.from({ length: until - after - 1 }, (_, at) => after + 1 + at);
  return between.filter((number) => oldest.every((one) => one < number));
}
