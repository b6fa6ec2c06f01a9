/** The longest delay that a timer of Node takes. */
const LONGEST_MS = 2 ** 31 - 1;

/**
 * A signal that aborts with the first of `signals`, or with a TimeoutError after `ms`. The timer is held until
 * `dispose`: Node 20 collects the timers of `AbortSignal.any` and `AbortSignal.timeout` while they are waited for.
 */
export class TimeLimit implements Disposable {
  readonly #controller = new AbortController();
  readonly #signals: readonly AbortSignal[];
  readonly #timer: NodeJS.Timeout | undefined;
  #isOver = false;

  constructor(ms: number, ...signals: readonly AbortSignal[]) {
    this.#signals = signals;
    for (const signal of signals) signal.addEventListener('abort', this.#follow);
    if (ms !== Number.POSITIVE_INFINITY)
      this.#timer = setTimeout(() => this.#end(ms), Math.min(Math.max(ms, 0), LONGEST_MS));
    this.#follow();
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** The time has passed before any signal was aborted. */
  get isOver(): boolean {
    return this.#isOver;
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
    for (const signal of this.#signals) signal.removeEventListener('abort', this.#follow);
  }

  readonly #follow = (): void => {
    const first = this.#signals.find(({ aborted }) => aborted);
    if (first) this.#abort(first.reason);
  };

  #end(ms: number): void {
    this.#isOver = true;
    this.#abort(new DOMException(`no end within ${ms / 1000} s`, 'TimeoutError'));
  }

  #abort(reason: unknown): void {
    this[Symbol.dispose]();
    this.#controller.abort(reason);
  }
}

/** Returns the result of `waiting`. Rejects as soon as `signal` is aborted, with its reason. */
export function unlessAborted<T>(waiting: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    waiting.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
