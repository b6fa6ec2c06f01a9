import type { SwarmRecord } from '../../shared/swarm.ts';
import { hashOf, parseReleases, releaseHeads } from './release-record.ts';

export interface Audit {
  /** Releases whose predecessor is what it was when they were written. */
  readonly sound: readonly number[];
  /** Those of which it is not kept any more. */
  readonly first: readonly number[];
  /** Those of which it is another than it was. */
  readonly broken: readonly number[];
}

/** Holds each release against the hash that the next one has of it. Throws when a piece of one is missing. */
export function judgeAudit(records: readonly SwarmRecord[]): Audit {
  const heads = releaseHeads(records);
  const releases = parseReleases(records);
  const hashes = new Map(heads.map((head, at) => [releases[at]?.number, hashOf(head, records)]));
  const audit = { sound: [] as number[], first: [] as number[], broken: [] as number[] };
  for (const { number, previousHash } of releases) {
    const before = hashes.get(number - 1);
    if (before === undefined) audit.first.push(number);
    else (before === previousHash ? audit.sound : audit.broken).push(number);
  }
  return audit;
}
