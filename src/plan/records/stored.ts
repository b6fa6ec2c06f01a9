import { DeployError, messageOf } from '../../shared/errors.ts';
import type { Labels } from '../../shared/service-spec.ts';
import type { NewRecord, SwarmRecord } from '../../shared/swarm.ts';
import { KIND_LABEL, RECORD_LABEL } from '../labels.ts';
import { packRecord, parsePacked } from './pack.ts';

const PIECES = 'com.waggle.pieces';

export interface Storing {
  readonly stack: string;
  readonly kind: 'journal' | 'release';
  readonly name: string;
  readonly labels: Labels;
  readonly value: unknown;
}

/** The record as configs: the first one, which is to be made last, and further pieces for what is too large for one. */
export function renderStored({ stack, kind, name, labels, value }: Storing): {
  readonly head: NewRecord;
  readonly rest: readonly NewRecord[];
} {
  const [first = Buffer.of(), ...rest] = packRecord(value);
  const whole = { ...labels, [RECORD_LABEL]: stack, [PIECES]: String(rest.length + 1) };
  return {
    head: { name, labels: { ...whole, [KIND_LABEL]: kind }, data: first },
    rest: rest.map((data, at) => ({
      name: `${name}.${at + 1}`,
      labels: { ...whole, [KIND_LABEL]: 'piece' },
      data,
    })),
  };
}

/** All configs of a stored record, the first one first. Throws AUDIT_FAILED when a piece is missing. */
export function piecesOf(
  head: SwarmRecord,
  records: readonly SwarmRecord[],
): readonly [SwarmRecord, ...SwarmRecord[]] {
  const rest = Array.from({ length: Number(head.labels[PIECES]) - 1 }, (_, at) => {
    const piece = records.find(({ name }) => name === `${head.name}.${at + 1}`);
    if (!piece) throw damaged(head, `${head.name}.${at + 1}, a piece of a record, is gone`);
    return piece;
  });
  return [head, ...rest];
}

/** Pieces whose first is not there: a run that was killed had not made it yet, or had removed it already. */
export function orphansOf(records: readonly SwarmRecord[]): readonly SwarmRecord[] {
  const names = new Set(records.map(({ name }) => name));
  return records.filter(
    ({ name, labels }) => labels[KIND_LABEL] === 'piece' && !names.has(name.replace(/\.\d+$/, '')),
  );
}

/** Throws AUDIT_FAILED when a piece is missing, or is not what was written. */
export function parseStored<T>(head: SwarmRecord, records: readonly SwarmRecord[]): T {
  const pieces = piecesOf(head, records);
  try {
    return parsePacked(pieces.map(({ data }) => data));
  } catch (error) {
    throw damaged(head, `${head.name} is no record that can be read: ${messageOf(error)}`);
  }
}

const damaged = ({ name }: SwarmRecord, what: string) =>
  new DeployError('AUDIT_FAILED', what, {
    hint: `somebody changed it by hand, or another version of Waggle wrote it; \`docker config rm ${name}\` on a manager takes it out of the history, and touches nothing that runs`,
  });

export const isOfKind =
  (kind: 'journal' | 'release') =>
  ({ labels }: SwarmRecord) =>
    labels[KIND_LABEL] === kind;
