import { isDeepStrictEqual } from 'node:util';
import { RECORD_LABEL } from '../../plan/labels.ts';
import { journalName } from '../../plan/records/is-id-taken.ts';
import { DeployError } from '../../shared/errors.ts';
import type { Labels } from '../../shared/service-spec.ts';
import type { SwarmRecord, SwarmRecords } from '../../shared/swarm.ts';
import { type PendingCommand, parsePending, renderPending, withoutPending } from '../pending-commands.ts';
import { type JournalEntry, plain } from './journal-entry.ts';
import { removePieces, storeRecord } from './store.ts';

export const STEP = 'com.waggle.step';
/** Reached when the release stays: no restore is needed, and only its record may be missing. */
export const HEALTHY = 'healthy';
/** Reached once what the run has left is taken as it is. */
export const ADOPTING = 'adopting';

/** A step that is over sooner is not noted, unless it changes something. */
const PASSING_MS = 500;
/** Of the time that a script is given until it comes to its limit, so much may pass before the note is renewed. */
const SLACK_MS = 30_000;

export class Journal {
  readonly #swarm: SwarmRecords;
  readonly #pieces: readonly SwarmRecord[];
  #record: SwarmRecord;
  #step: string;
  #noting: Promise<void> = Promise.resolve();
  #passing: NodeJS.Timeout | undefined;
  /** Commands that may be under way, by the manager that has them. */
  readonly #left: Map<string, PendingCommand>;

  constructor(swarm: SwarmRecords, [record, ...pieces]: readonly [SwarmRecord, ...SwarmRecord[]]) {
    this.#swarm = swarm;
    this.#record = record;
    this.#pieces = pieces;
    this.#step = record.labels[STEP] ?? '';
    this.#left = new Map(parsePending(record.labels).map((command) => [command.address, command]));
  }

  get left(): readonly PendingCommand[] {
    return [...this.#left.values()];
  }

  /** Noted with the next step. */
  expect(command: PendingCommand): void {
    this.#left.set(command.address, command);
  }

  /** Fulfilled once it is noted that the manager has a command. */
  async begin(command: PendingCommand): Promise<void> {
    const noted = parsePending(this.#record.labels).find(({ address }) => address === command.address);
    const isLater = noted && Date.parse(command.until) - Date.parse(noted.until) > SLACK_MS;
    this.#left.set(command.address, command);
    if (!noted || isLater) await this.reach(this.#step);
  }

  /** It is known to have ended, or never to have begun; noted with the next step. */
  end(address: string): void {
    this.#left.delete(address);
  }

  static async open(swarm: SwarmRecords, stack: string, intent: JournalEntry): Promise<Journal> {
    const name = journalName(stack, intent.id);
    const labels = { [STEP]: 'record the running stack' };
    const storing = { stack, name, labels, value: plain(intent) };
    const journal = new Journal(swarm, await storeRecord(swarm, storing));
    journal.#noting = journal.#learnVersion();
    return journal;
  }

  /** Notes how far the run has come; fulfilled once that is written. Of several at once, the last one is. */
  reach(step: string): Promise<void> {
    clearTimeout(this.#passing);
    this.#step = step;
    // The caller that waited for the entry before gets its failure.
    return new Promise((done, fail) => {
      this.#noting = Promise.allSettled([this.#noting]).then(() => this.#note(done));
      this.#noting.then(done, fail);
    });
  }

  /** Notes it, too, but nobody waits: of a step that changes nothing, and so much later that most are over by then. */
  pass(step: string): void {
    clearTimeout(this.#passing);
    this.#passing = setTimeout(() => this.reach(step).catch(() => {}), PASSING_MS).unref();
  }

  /** An entry that is still being written no longer matters, and cannot create the journal again. */
  async close(): Promise<void> {
    clearTimeout(this.#passing);
    await removePieces(this.#swarm, [this.#record, ...this.#pieces]);
  }

  /** Before the first note, which then is one question. What fails here is asked with that. */
  async #learnVersion(): Promise<void> {
    const version = await this.#swarm.readVersion(this.#record).catch(() => undefined);
    this.#record = { ...this.#record, version };
  }

  async #note(onWritten: () => void): Promise<void> {
    const { labels: were, name } = this.#record;
    const labels = { ...withoutPending(were), [STEP]: this.#step, ...renderPending(this.left) };
    if (isDeepStrictEqual(labels, were)) return;
    const record = await this.#relabel(labels, onWritten);
    if (!record)
      throw new DeployError('DEPLOY_FAILED', `the journal of this run, ${name}, is gone`, {
        hint: 'nothing more was begun; deploy again when nobody else changes the stack',
      });
    this.#record = record;
  }

  async #relabel(labels: Labels, onWritten: () => void): Promise<SwarmRecord | undefined> {
    const { id, labels: were } = this.#record;
    const changed = await this.#swarm.relabelRecord(this.#record, labels, onWritten);
    if (changed) return changed;
    // A note whose answer was never heard may have been written all the same.
    const records = await this.#swarm.readRecords(were[RECORD_LABEL] ?? '');
    const now = records.find((record) => record.id === id);
    return now && this.#swarm.relabelRecord(now, labels, onWritten);
  }
}
