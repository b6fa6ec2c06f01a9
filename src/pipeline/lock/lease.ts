import { type Holder, renderLock } from '../../plan/records/lock.ts';
import { DeployError, messageOf } from '../../shared/errors.ts';
import type { Log } from '../../shared/log.ts';
import type { SwarmRecord, SwarmRecords } from '../../shared/swarm.ts';

/** How often a sign of life is shown. Others wait for several before they think the holder dead. */
const BEAT_MS = 4_000;
/** Nobody can have taken the lock since a sign of life that is younger than this. */
export const FRESH_MS = 10_000;

export interface LeaseOf {
  readonly swarm: SwarmRecords;
  readonly stack: string;
  readonly holder: Holder;
  readonly log: Log;
}

/** The lock of a stack, while it is ours. Disposing of it gives it back. */
export class Lease {
  readonly #of: LeaseOf;
  readonly #timer: NodeJS.Timeout;
  #record: SwarmRecord;
  #beats = 0;
  #beatenAt = now();
  #beating: Promise<void> | undefined;
  #isLost = false;

  constructor(of: LeaseOf, record: SwarmRecord) {
    this.#of = of;
    this.#record = record;
    // A beat that fails is no more than missed: whether the lock is still ours is asked before the next change.
    this.#timer = setInterval(() => void this.#beat().catch(() => {}), BEAT_MS).unref();
  }

  /** Throws LOCK_LOST when it cannot be said that nobody else has taken it. To be called before each change. */
  async confirm(): Promise<void> {
    if (ageOf(this.#beatenAt) > FRESH_MS) await this.#beat();
    if (!this.#isLost) return;
    throw new DeployError('LOCK_LOST', `the lock of ${this.#of.stack} was taken away from this run`, {
      hint: 'nothing more was changed; the next deploy finds what this one had begun',
    });
  }

  #beat(): Promise<void> {
    this.#beating ??= this.#relabel().finally(() => {
      this.#beating = undefined;
    });
    return this.#beating;
  }

  async #relabel(): Promise<void> {
    if (this.#isLost) return;
    const start = now();
    const labels = renderLock(this.#of.stack, this.#of.holder, ++this.#beats);
    const record = await this.#of.swarm.relabelRecord(this.#record, labels);
    if (!record) this.#isLost = true;
    else {
      this.#record = record;
      this.#beatenAt = start;
    }
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
