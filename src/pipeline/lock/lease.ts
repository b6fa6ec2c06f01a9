import { type Holder, isHeldBy, renderLock } from '../../plan/records/lock.ts';
import { codeOf, DeployError, messageOf } from '../../shared/errors.ts';
import type { Log } from '../../shared/log.ts';
import type { SwarmRecord, SwarmRecords } from '../../shared/swarm.ts';

/** How often the lock is renewed. Others wait for several renewals before they take it over. */
const BEAT_MS = 4_000;
/** Nobody can have taken over a lock whose last renewal is younger than this. */
export const FRESH_MS = 10_000;

export interface LeaseOptions {
  readonly swarm: SwarmRecords;
  readonly stack: string;
  readonly holder: Holder;
  readonly log: Log;
}

/** The lock of a stack, while it is ours. Disposing of it gives it back. */
export class Lease {
  readonly #of: LeaseOptions;
  readonly #timer: NodeJS.Timeout;
  #record: SwarmRecord;
  #beats = 0;
  #beatenAt = now();
  #beating: Promise<void> | undefined;
  /** undefined: the commands of this run may change the stack. */
  #fence: string | undefined;
  readonly #losing = new AbortController();

  constructor(of: LeaseOptions, record: SwarmRecord) {
    this.#of = of;
    this.#record = record;
    // A beat that fails is no more than missed: whether the lock is still ours is asked before the next change.
    this.#timer = setInterval(() => void this.#beat().catch(() => {}), BEAT_MS).unref();
  }

  get recordId(): string {
    return this.#record.id;
  }

  /** Aborted with LOCK_LOST when another run has taken the lock: at the next renewal or before. */
  get lost(): AbortSignal {
    return this.#losing.signal;
  }

  /** Throws LOCK_LOST when it cannot be said that nobody else has taken it. To be called before each change. */
  async confirm(): Promise<void> {
    if (ageOf(this.#beatenAt) > FRESH_MS) await this.#beat();
    this.lost.throwIfAborted();
  }

  /** From then on no command of this run on a manager changes the stack: each reads the lock before it does. */
  async fenceCommands(): Promise<void> {
    this.#fence = '';
    // One that is under way says the contrary.
    await this.#beating?.catch(() => {});
    await this.#beat();
    this.lost.throwIfAborted();
  }

  #beat(): Promise<void> {
    this.#beating ??= this.#relabel()
      .catch((error) => {
        // No manager that can be reached has it.
        if (codeOf(error) === 'LOCK_LOST') this.#losing.abort(error);
        throw error;
      })
      .finally(() => {
        this.#beating = undefined;
      });
    return this.#beating;
  }

  async #relabel(): Promise<void> {
    if (this.lost.aborted) return;
    const { swarm, stack, holder } = this.#of;
    const start = now();
    const labels = renderLock(stack, holder, ++this.#beats, this.#fence);
    const change = async (record: SwarmRecord | undefined) => record && swarm.relabelRecord(record, labels);
    const record = (await change(this.#record)) ?? (await change(await this.#find()));
    if (!record) return this.#lose();
    this.#record = record;
    this.#beatenAt = start;
  }

  /** The current lock, if this run holds it: a renewal that seemed to fail may have succeeded. */
  async #find(): Promise<SwarmRecord | undefined> {
    const { swarm, stack, holder } = this.#of;
    const records = await swarm.readRecords(stack);
    return records.find(({ id, labels }) => id === this.#record.id && isHeldBy(labels, holder));
  }

  #lose(): void {
    const lost = new DeployError('LOCK_LOST', `the lock of ${this.#of.stack} was taken away from this run`, {
      hint: 'nothing more was changed; the next deploy finds what this one had begun',
    });
    this.#losing.abort(lost);
  }

  /** What fails here must not hide what the run has come to: the next run finds the lock dead. */
  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#timer);
    const { swarm, log } = this.#of;
    // Another holder would have the same record.
    const giveBack = async () => {
      await this.confirm();
      await swarm.removeRecord(this.#record.id);
    };
    await giveBack().catch((error) => log.warn(`the lock is not given back: ${messageOf(error)}`));
  }
}

/** A machine that slept has a steady clock that stood still meanwhile, and one on the wall that may be set back. */
const now = () => ({ steady: performance.now(), wall: Date.now() });

function ageOf(then: ReturnType<typeof now>): number {
  const { steady, wall } = now();
  return Math.max(steady - then.steady, wall - then.wall);
}
