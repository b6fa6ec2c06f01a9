import { type DamagedRecord, isOfKind, judgeStored, type Parsed } from '../../plan/records/stored.ts';
import { DeployError, messageOf } from '../../shared/errors.ts';
import type { SwarmRecord } from '../../shared/swarm.ts';
import { type PendingCommand, parsePending } from '../pending-commands.ts';
import { ADOPTING, HEALTHY, STEP } from './journal.ts';
import { fromPlain, type JournalEntry, plainSchema } from './journal-entry.ts';

/** A run that ended without closing its journal. */
export interface Interruption {
  readonly intent: JournalEntry;
  /** The step that had been reached. */
  readonly step: string;
  readonly record: SwarmRecord;
  /** What it may have left running on managers. */
  readonly left: readonly PendingCommand[];
}

/** It needs no decision. */
export const isSettled = ({ step }: Pick<Interruption, 'step'>) => [HEALTHY, ADOPTING].includes(step);

export function judgeInterruptions(records: readonly SwarmRecord[]): readonly Parsed<Interruption>[] {
  return records.filter(isOfKind('journal')).map((record) => {
    const judged = judgeStored(plainSchema, record, records);
    if ('damage' in judged) return judged;
    const { labels } = record;
    const intent = fromPlain(judged.value);
    return { value: { record, intent, step: labels[STEP] ?? '', left: parsePending(labels) } };
  });
}

/** Throws INTERRUPTED if a journal cannot be read: the state to restore is then unknown. */
export function findInterruptions(records: readonly SwarmRecord[]): readonly Interruption[] {
  return judgeInterruptions(records).map((judged) => {
    if ('damage' in judged) throw unreadableJournal(judged.damage);
    return judged.value;
  });
}

function unreadableJournal({ name, why }: DamagedRecord): DeployError {
  const message = `the journal ${name} of a run that was interrupted cannot be read: ${why}`;
  return new DeployError('INTERRUPTED', message, {
    hint: `another version of Waggle may have written it, and can settle it; or take what runs as it is: on a manager, \`docker config rm ${name}\``,
  });
}

/** A line each; of a journal that cannot be read, that it cannot. */
export function tellInterruptions(
  records: readonly SwarmRecord[],
  tell: (one: Interruption) => string,
): readonly string[] {
  try {
    return findInterruptions(records).map(tell);
  } catch (error) {
    return [error instanceof DeployError ? `${error.message}; ${error.hint}` : messageOf(error)];
  }
}

/** `what`: the description of the interruption. */
export function describeInterruption(one: Interruption, what = 'was interrupted'): string {
  const { intent, step } = one;
  const at = isSettled(one) ? 'once it was to stay: the next deploy puts it on record' : `at: ${step}`;
  return `the deploy of ${intent.id} by ${intent.who}, begun ${intent.since}, ${what} ${at}`;
}

/** The same, with what it was to change, a line each. */
export function describeInFull(one: Interruption): readonly string[] {
  const { plan = [] } = one.intent;
  return [describeInterruption(one), ...(plan.length > 0 ? ['it was to change:', ...plan] : [])];
}
