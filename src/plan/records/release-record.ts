import { createHash } from 'node:crypto';
import type { Told } from '../../shared/chronicle.ts';
import type { LiveNetwork } from '../../shared/network.ts';
import type { ServiceSpec } from '../../shared/service-spec.ts';
import type { SwarmRecord } from '../../shared/swarm.ts';
import { isOfKind, parseStored, piecesOf, type Storing } from './stored.ts';

/** What a deploy made of the stack. Never changed once it is written. */
export interface ReleaseRecord {
  /** r1, r2, ...: of this stack, in the order in which they were deployed. */
  readonly number: number;
  readonly stack: string;
  /** `<tag>_<UTC time>`. */
  readonly id: string;
  readonly tag: string;
  /** Short sha of the checkout; absent outside of one. */
  readonly commit?: string | undefined;
  readonly who: string;
  /** ISO 8601, by the clock of whoever deployed. */
  readonly since: string;
  readonly seconds: number;
  /** All that the run said up to this record; absent of what was adopted. */
  readonly told?: readonly Told[];
  /** What it was to change, a line each; absent where `note` or `rollbackTo` says it. */
  readonly plan?: readonly string[] | undefined;
  /** `deployed`, `adopted`, or the code of the failure: then the stack was put back, as far as that code says. */
  readonly result: string;
  /** What failed, in a sentence; absent of a release that runs. */
  readonly failure?: string | undefined;
  /** What was seen then. */
  readonly details?: readonly string[] | undefined;
  /** What to do about it. */
  readonly hint?: string | undefined;
  /** It brought the specs of this earlier release back. */
  readonly rollbackTo?: number | undefined;
  /** What was changed in what ran, where nothing was deployed: `scale api 3 -> 5`. */
  readonly note?: string | undefined;
  /** What it changed in a database cannot be undone: one does not go back beyond it. */
  readonly isIrreversible?: boolean | undefined;
  /** A run that was killed had left it so: one goes back to it by its name only. */
  readonly isHalfDone?: boolean;
  /** As it was sent to Docker: sensitive values are names of variables. */
  readonly stackFile: string;
  /** As Docker made them, with digests and the ids of secrets, configs and networks; none of a release that failed. */
  readonly services: readonly ServiceSpec[];
  readonly networks: readonly LiveNetwork[];
  /** Of the record before this one; absent of the first. */
  readonly previousHash?: string | undefined;
}

export const DEPLOYED = 'deployed';
/** Nobody deployed it as it was: it was found running, and put on record. */
export const ADOPTED = 'adopted';
/** By its result: it can be brought back. */
export const cameUp = (result: string) => [DEPLOYED, ADOPTED].includes(result);

const NUMBER = 'com.waggle.number';
const RESULT = 'com.waggle.result';
const ID = 'com.waggle.id';

export const releaseName = (stack: string, number: number) => `${stack}.waggle.r${number}`;

/** Also counts what a run that was killed has left of a record. */
export function nextNumber(records: readonly SwarmRecord[]): number {
  return Math.max(0, ...records.map(numberOf)) + 1;
}

const numberOf = ({ labels }: SwarmRecord) => Number(labels[NUMBER] ?? 0);

/** Of the release; absent of what an earlier Waggle wrote. */
export const idOf = ({ labels }: SwarmRecord) => labels[ID];

export const resultOf = ({ labels }: SwarmRecord) => labels[RESULT] ?? '';

export function renderRelease(record: ReleaseRecord): Storing {
  const { stack, number, result, id } = record;
  const labels = { [NUMBER]: String(number), [RESULT]: result, [ID]: id };
  return { stack, kind: 'release', name: releaseName(stack, number), labels, value: record };
}

/** Oldest first. */
export function releaseHeads(records: readonly SwarmRecord[]): readonly SwarmRecord[] {
  return records.filter(isOfKind('release')).sort((a, b) => numberOf(a) - numberOf(b));
}

/** Throws AUDIT_FAILED when it cannot be read. */
export function parseRelease(head: SwarmRecord, records: readonly SwarmRecord[]): ReleaseRecord {
  return parseStored(head, records);
}

/** Oldest first. */
export function parseReleases(records: readonly SwarmRecord[]): readonly ReleaseRecord[] {
  return releaseHeads(records).map((head) => parseRelease(head, records));
}

/** SHA-256 of all that is stored of it. */
export function hashOf(head: SwarmRecord, records: readonly SwarmRecord[]): string {
  const hash = createHash('sha256');
  for (const { data } of piecesOf(head, records)) hash.update(data);
  return hash.digest('hex');
}

/** undefined: there is no record yet. */
export function lastHash(records: readonly SwarmRecord[]): string | undefined {
  const last = releaseHeads(records).at(-1);
  return last && hashOf(last, records);
}
