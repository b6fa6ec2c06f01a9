import type * as z from 'zod';
import { DeployError, messageOf } from '../../shared/errors.ts';
import type { Labels } from '../../shared/service-spec.ts';
import type { NewRecord, SwarmRecord } from '../../shared/swarm.ts';
import { RECORD_LABEL } from '../labels.ts';
import { packRecord, parsePacked } from './pack.ts';

const PIECES = 'com.waggle.pieces';

export interface RecordInput {
  readonly stack: string;
  readonly name: string;
  readonly labels: Labels;
  readonly value: unknown;
}

/** The record as configs: the first one, which is to be made last, and further pieces for what is too large for one. */
export function renderStored({ stack, name, labels, value }: RecordInput): {
  readonly head: NewRecord;
  readonly rest: readonly NewRecord[];
} {
  const [first = Buffer.of(), ...rest] = packRecord(value);
  const whole = { ...labels, [RECORD_LABEL]: stack, [PIECES]: String(rest.length + 1) };
  return {
    head: { name, labels: whole, data: first },
    rest: rest.map((data, at) => ({ name: `${name}.${at + 1}`, labels: whole, data })),
  };
}

/** A record is known by its name: anybody can give a config any label, but a name is given once. */
const NAMES = { journal: /^j\.\d+$/, release: /^r[1-9]\d{0,8}$/ } as const;
const PIECE = /^(.+)\.([1-9]\d*)$/;

export const isOfKind =
  (kind: keyof typeof NAMES) =>
  (record: SwarmRecord): boolean =>
    NAMES[kind].test(endOf(record));

/** `r3`, `j.20261121000000`, `r3.1`; '' of what has no name of a record of its stack. */
export function endOf({ name, labels }: Pick<SwarmRecord, 'name' | 'labels'>): string {
  const start = `${labels[RECORD_LABEL]}.waggle.`;
  return name.startsWith(start) ? name.slice(start.length) : '';
}

/** All configs of a record that exist, the first one first. */
export function piecesOf(
  head: SwarmRecord,
  records: readonly SwarmRecord[],
): readonly [SwarmRecord, ...SwarmRecord[]] {
  const rest = records.flatMap((record) => {
    const [, name, number] = PIECE.exec(record.name) ?? [];
    return name === head.name ? [{ record, number: Number(number) }] : [];
  });
  return [head, ...rest.sort((a, b) => a.number - b.number).map(({ record }) => record)];
}

/** Pieces whose first one does not exist: a run was killed before it had made it, or after it had removed it. */
export function orphansOf(records: readonly SwarmRecord[]): readonly SwarmRecord[] {
  const names = new Set(records.map(({ name }) => name));
  return records.filter((record) => {
    const [, end = ''] = PIECE.exec(endOf(record)) ?? [];
    const isPiece = Object.values(NAMES).some((pattern) => pattern.test(end));
    return isPiece && !names.has(record.name.replace(PIECE, '$1'));
  });
}

/** A record that is not what Waggle wrote. */
export interface DamagedRecord {
  readonly name: string;
  readonly why: string;
}
export type Parsed<T> = { readonly value: T } | { readonly damage: DamagedRecord };

/** Anybody who may write to the cluster may have written what is read here. */
export function judgeStored<T>(
  schema: z.ZodType<T>,
  head: SwarmRecord,
  records: readonly SwarmRecord[],
): Parsed<T> {
  const damage = (why: string) => ({ damage: { name: head.name, why } });
  const pieces = piecesOf(head, records);
  const count = head.labels[PIECES];
  const missing = pieces.findIndex(({ name }, at) => at > 0 && name !== `${head.name}.${at}`);
  if (count !== String(pieces.length) || missing > 0)
    return damage(`pieces: found ${pieces.length}, and the label ${PIECES} says ${count ?? 'nothing'}`);
  try {
    const value = parsePacked(pieces.map(({ data }) => data));
    const { error } = schema.safeParse(value);
    return error ? damage(describeIssues(error)) : { value: value as T };
  } catch (error) {
    return damage(messageOf(error));
  }
}

/** The first few say enough. */
const MOST_ISSUES = 3;
const describeIssues = ({ issues }: z.ZodError) =>
  issues
    .slice(0, MOST_ISSUES)
    .map(({ path, message }) => [path.join('.'), message].filter(Boolean).join(': '))
    .join('; ');

export function requireValue<T>(judged: Parsed<T>): T {
  if ('damage' in judged) throw unreadable([judged.damage]);
  return judged.value;
}

const describeWhy = ({ name, why }: DamagedRecord) => `cannot read the record ${name}: ${why}`;
const removal = (names: readonly string[]) => `\`docker config rm ${names.join(' ')}\` on a manager`;

export const describeDamage = (damage: DamagedRecord) =>
  `${describeWhy(damage)}; ${removal([damage.name])} removes it`;

/** AUDIT_FAILED. */
export function unreadable(damages: readonly DamagedRecord[]): DeployError {
  const [first = '', ...others] = damages.map(describeWhy);
  const names = damages.map(({ name }) => name);
  const isOne = others.length === 0;
  return new DeployError('AUDIT_FAILED', isOne ? first : `cannot read ${names.length} records`, {
    details: isOne ? [] : [first, ...others],
    hint: `another version of Waggle may have written this, or somebody changed it; ${removal(names)} removes it from the history, and changes nothing that runs`,
  });
}

export function requireReadable(damages: readonly DamagedRecord[]): void {
  if (damages.length > 0) throw unreadable(damages);
}
