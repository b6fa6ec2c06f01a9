import type { LogLine } from '../shared/service-log.ts';

interface Position {
  readonly time: string;
  /** Lines that have this very time. */
  readonly count: number;
}

/** The delay that a task without lines so far may have. */
const SLACK_S = 60;

/** Which lines of each task were shown, for a log that is read again after a break. */
export class ShownLines {
  readonly #last = new Map<string, Position>();
  #before: ReadonlyMap<string, Position> = new Map();
  #again = new Map<string, number>();

  /** Begins another reading. Returns since when it must read, in whole seconds since 1970; 0: from the beginning. */
  restart(): number {
    this.#before = new Map(this.#last);
    this.#again = new Map();
    const times = [...this.#before.values()].map(({ time }) => Date.parse(time));
    return times.length > 0 ? Math.max(1, Math.floor(Math.min(...times) / 1000) - SLACK_S) : 0;
  }

  /** Whether an earlier reading had it; counts it as shown if not. */
  isNew({ taskId, time }: LogLine): boolean {
    const before = this.#before.get(taskId);
    if (before && time < before.time) return false;
    if (time === before?.time) {
      const again = (this.#again.get(taskId) ?? 0) + 1;
      this.#again.set(taskId, again);
      if (again <= before.count) return false;
    }
    const last = this.#last.get(taskId);
    // Two outputs of one task may come in another order than they were written.
    if (!last || time > last.time) this.#last.set(taskId, { time, count: 1 });
    else if (time === last.time) this.#last.set(taskId, { time, count: last.count + 1 });
    return true;
  }
}
