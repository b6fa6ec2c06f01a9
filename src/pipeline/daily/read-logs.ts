import type { LogLine, LogOptions, LogSource } from '../../shared/service-log.ts';
import { TimeLimit } from '../../shared/time-limit.ts';
import type { Tools } from '../../shared/tools.ts';

/** More lines than that are not kept to be sorted: they are shown as they come. */
const MOST_SORTED = 20_000;
/** The longest wait for a silent node. Milliseconds. */
const SILENT_MS = 15_000;

type Show = (line: LogLine) => Promise<void>;

/** Shows the lines that are there: by time if they are few, else in the order of each task. */
export async function readLogs(
  tools: Pick<Tools, 'swarm' | 'log' | 'signal'>,
  sources: readonly LogSource[],
  wish: LogOptions,
  show: Show,
): Promise<void> {
  const sorted = new Sorted(show);
  await Promise.all(sources.map((source) => readOne(tools, source, wish, (line) => sorted.take(line))));
  await sorted.end();
}

async function readOne(
  { swarm, log, signal }: Pick<Tools, 'swarm' | 'log' | 'signal'>,
  source: LogSource,
  wish: LogOptions,
  take: Show,
): Promise<void> {
  const lines = swarm.streamLog(source, wish, signal, log.warn)[Symbol.asyncIterator]();
  for (;;) {
    using limit = new TimeLimit(SILENT_MS);
    const next = await Promise.race([lines.next(), ended(limit.signal)]);
    if (next === undefined) {
      log.warn(`a node has been silent for ${SILENT_MS / 1000} s: lines may be missing`);
      void lines.return?.(undefined)?.catch(() => {});
      return;
    }
    if (next.done) return;
    await take(next.value);
  }
}

const ended = (signal: AbortSignal) =>
  new Promise<undefined>((resolve) => signal.addEventListener('abort', () => resolve(undefined)));

/** Keeps lines until there are too many, and then shows all as they come. */
class Sorted {
  readonly #show: Show;
  #kept: LogLine[] | undefined = [];
  #flushed: Promise<void> = Promise.resolve();

  constructor(show: Show) {
    this.#show = show;
  }

  async take(line: LogLine): Promise<void> {
    if (this.#kept) {
      this.#kept.push(line);
      if (this.#kept.length > MOST_SORTED) this.#flushed = this.end();
    }
    // What was kept comes first, or a task's lines would change places.
    else await this.#flushed.then(() => this.#show(line));
    await this.#flushed;
  }

  async end(): Promise<void> {
    const lines = this.#kept ?? [];
    this.#kept = undefined;
    for (const line of lines.sort((a, b) => (a.time < b.time ? -1 : 1))) await this.#show(line);
  }
}
