import { journalName } from '../../plan/records/is-id-taken.ts';
import { isOfKind, parseStored } from '../../plan/records/stored.ts';
import type { ObjectKind } from '../../plan/release/release.ts';
import type { SwarmNetwork, SwarmRecord, SwarmRecords, SwarmService } from '../../shared/swarm.ts';
import type { Snapshot } from '../../swarm/plan-restore.ts';
import { removePieces, storeRecord } from './store.ts';

/** What a run is about to change, written into the cluster before it does: whoever comes next can put it back. */
export interface Intent {
  /** The release that is being deployed. */
  readonly id: string;
  readonly who: string;
  /** ISO 8601. */
  readonly since: string;
  readonly before: Snapshot;
  /** What its jobs do to a database cannot be undone. */
  readonly isIrreversible?: boolean;
  /** Secrets and configs that it makes. */
  readonly objects: readonly { readonly kind: ObjectKind; readonly name: string }[];
}

/** A run that ended without closing its journal. */
export interface Interruption {
  readonly intent: Intent;
  /** The step that had been reached. */
  readonly step: string;
  readonly record: SwarmRecord;
}

const STEP = 'com.waggle.step';
/** Reached once the release has been found healthy: nothing is left to be put back. */
export const HEALTHY = 'healthy';

export class Journal {
  readonly #swarm: SwarmRecords;
  readonly #pieces: readonly SwarmRecord[];
  #record: SwarmRecord;
  #step: string;
  #noting: Promise<void> | undefined;

  constructor(swarm: SwarmRecords, [record, ...pieces]: readonly [SwarmRecord, ...SwarmRecord[]]) {
    this.#swarm = swarm;
    this.#record = record;
    this.#pieces = pieces;
    this.#step = record.labels[STEP] ?? '';
  }

  static async open(swarm: SwarmRecords, stack: string, intent: Intent): Promise<Journal> {
    const name = journalName(stack, intent.id);
    const labels = { [STEP]: 'record the running stack' };
    const storing = { stack, kind: 'journal', name, labels, value: plain(intent) } as const;
    return new Journal(swarm, await storeRecord(swarm, storing));
  }

  /** Notes how far the run has come. Nothing waits for it: all that it takes to put things back is written already. */
  reach(step: string): void {
    this.#step = step;
    this.#noting ??= this.#note()
      .catch(() => {})
      .finally(() => {
        this.#noting = undefined;
      });
  }

  /** Nothing has to be put back any more. */
  healthy(): void {
    this.reach(HEALTHY);
  }

  /** What is still being noted is of no interest any more, and cannot bring back what is gone. */
  async close(): Promise<void> {
    await removePieces(this.#swarm, [this.#record, ...this.#pieces]);
  }

  /** Of several steps that are reached meanwhile, only the last one is noted. */
  async #note(): Promise<void> {
    while (this.#record.labels[STEP] !== this.#step) {
      const labels = { ...this.#record.labels, [STEP]: this.#step };
      const record = await this.#swarm.relabelRecord(this.#record, labels);
      if (!record) return;
      this.#record = record;
    }
  }
}

export function findInterruptions(records: readonly SwarmRecord[]): readonly Interruption[] {
  return records.filter(isOfKind('journal')).map((record) => ({
    record,
    intent: fromPlain(parseStored<Plain>(record, records)),
    step: record.labels[STEP] ?? '',
  }));
}

/** `what`: what is to be said of it. */
export function describeInterruption(
  { intent: { id, who, since }, step }: Interruption,
  what = 'was interrupted',
): string {
  return `the deploy of ${id} by ${who}, begun ${since}, ${what} at: ${step}`;
}

/** As JSON can say it. */
interface Plain extends Omit<Intent, 'before'> {
  readonly services: readonly SwarmService[];
  readonly networks: readonly SwarmNetwork[];
  readonly taskIds: readonly string[];
  readonly running: readonly (readonly [string, number])[];
}

function plain({ before, ...intent }: Intent): Plain {
  const { services, networks, taskIds, running } = before;
  return { ...intent, services, networks, taskIds: [...taskIds], running: [...running] };
}

function fromPlain({ services, networks, taskIds, running, ...intent }: Plain): Intent {
  const before = { services, networks, taskIds: new Set(taskIds), running: new Map(running) };
  return { ...intent, before };
}
