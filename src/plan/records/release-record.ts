import { createHash } from 'node:crypto';
import * as z from 'zod';
import { eventFields } from '../../shared/event-fields.ts';
import type { LiveNetwork } from '../../shared/network.ts';
import { type Project, projectSchema } from '../../shared/project.ts';
import type { LogEntry } from '../../shared/recording-log.ts';
import type { ServiceSpec } from '../../shared/service-spec.ts';
import type { SwarmRecord } from '../../shared/swarm.ts';
import type { Templates } from '../spec/templates.ts';
import { networkSchema, specSchema } from './docker-schema.ts';
import {
  type DamagedRecord,
  endOf,
  isOfKind,
  judgeStored,
  type Parsed,
  piecesOf,
  type RecordInput,
  requireReadable,
  requireValue,
} from './stored.ts';

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
  /** Swarm's id of the cluster; absent of what an earlier Waggle wrote. */
  readonly cluster?: string | undefined;
  /** The repository that it was deployed from; absent of what an earlier Waggle wrote. */
  readonly project?: Project | undefined;
  readonly who: string;
  /** ISO 8601, by the clock of whoever deployed. */
  readonly since: string;
  readonly seconds: number;
  /** All that the run said up to this record; absent of what was adopted. */
  readonly told?: readonly LogEntry[];
  /** Every warning that a rule had of it; absent where no stack file was deployed. */
  readonly warned?: readonly string[] | undefined;
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
  /** As it was sent to Docker, with `${NAME}` in place of sensitive values. */
  readonly stackFile: string;
  /** What of `services` must not be shown. */
  readonly templates: Templates;
  /** As Docker made them, with digests and the ids of secrets, configs and networks; none of a release that failed. */
  readonly services: readonly ServiceSpec[];
  readonly networks: readonly LiveNetwork[];
  /** Of the record before this one; absent of the first. */
  readonly previousHash?: string | undefined;
}

const told = z.looseObject({
  at: z.number(),
  level: z.enum(['debug', 'info', 'warn', 'error']),
  text: z.string(),
  event: z.union(Object.values(eventFields).map((fields) => z.looseObject(fields))).exactOptional(),
});

/** The same, as it is read from the cluster. A field of a later version passes. */
const releaseSchema = z.looseObject({
  number: z.int().positive(),
  stack: z.string(),
  id: z.string(),
  tag: z.string(),
  commit: z.string().optional(),
  cluster: z.string().optional(),
  project: projectSchema.optional(),
  who: z.string(),
  since: z.string(),
  seconds: z.number(),
  told: z.array(told).exactOptional(),
  warned: z.array(z.string()).optional(),
  plan: z.array(z.string()).optional(),
  result: z.string(),
  failure: z.string().optional(),
  details: z.array(z.string()).optional(),
  hint: z.string().optional(),
  rollbackTo: z.number().optional(),
  note: z.string().optional(),
  isIrreversible: z.boolean().optional(),
  isHalfDone: z.boolean().exactOptional(),
  stackFile: z.string(),
  templates: z.array(specSchema),
  services: z.array(specSchema),
  networks: z.array(networkSchema),
  previousHash: z.string().optional(),
});

export const DEPLOYED = 'deployed';
/** Nobody deployed it as it was: it was found running, and put on record. */
export const ADOPTED = 'adopted';
/** By its result: it can be brought back. */
export const ranHealthy = (result: string) => [DEPLOYED, ADOPTED].includes(result);

const RESULT = 'com.waggle.result';
const ID = 'com.waggle.id';

export const releaseName = (stack: string, number: number) => `${stack}.waggle.r${number}`;

/** Also counts what a run that was killed has left of a record. */
export function nextNumber(records: readonly SwarmRecord[]): number {
  return Math.max(0, ...records.map(numberOf)) + 1;
}

/** Of a release, and of each of its pieces; 0 of any other record. */
const numberOf = (record: SwarmRecord) => Number(/^r([1-9]\d{0,8})(?:\.\d+)?$/.exec(endOf(record))?.[1] ?? 0);

/** Of the release; absent of what an earlier Waggle wrote. */
export const idOf = ({ labels }: SwarmRecord) => labels[ID];

export const resultOf = ({ labels }: SwarmRecord) => labels[RESULT] ?? '';

export function renderRelease(record: ReleaseRecord): RecordInput {
  const { stack, number, result, id } = record;
  const labels = { [RESULT]: result, [ID]: id };
  return { stack, name: releaseName(stack, number), labels, value: record };
}

/** Oldest first. */
export function releaseHeads(records: readonly SwarmRecord[]): readonly SwarmRecord[] {
  return records.filter(isOfKind('release')).sort((a, b) => numberOf(a) - numberOf(b));
}

export function judgeRelease(head: SwarmRecord, records: readonly SwarmRecord[]): Parsed<ReleaseRecord> {
  const judged = judgeStored(releaseSchema as z.ZodType<ReleaseRecord>, head, records);
  if ('damage' in judged) return judged;
  const { stack, number } = judged.value;
  if (releaseName(stack, number) === head.name) return judged;
  return { damage: { name: head.name, why: `it says that it is r${number} of ${stack}` } };
}

/** Throws AUDIT_FAILED when it cannot be read. */
export const parseRelease = (head: SwarmRecord, records: readonly SwarmRecord[]) =>
  requireValue(judgeRelease(head, records));

/** Oldest first. */
export interface History {
  readonly releases: readonly ReleaseRecord[];
  readonly damaged: readonly (DamagedRecord & { readonly number: number })[];
}

export function parseHistory(records: readonly SwarmRecord[]): History {
  const judged = releaseHeads(records).map((head) => ({
    number: numberOf(head),
    ...judgeRelease(head, records),
  }));
  return {
    releases: judged.flatMap((one) => ('value' in one ? [one.value] : [])),
    damaged: judged.flatMap((one) => ('damage' in one ? [{ ...one.damage, number: one.number }] : [])),
  };
}

/** Throws AUDIT_FAILED when a release from this number on cannot be read. */
export function requireHistory({ damaged }: History, from = 0): void {
  requireReadable(damaged.filter(({ number }) => number >= from));
}

/** Oldest first. Throws AUDIT_FAILED when one cannot be read. */
export function parseReleases(records: readonly SwarmRecord[]): readonly ReleaseRecord[] {
  const history = parseHistory(records);
  requireHistory(history);
  return history.releases;
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
