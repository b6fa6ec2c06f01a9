import type { Log, LogEvent, LogMethod } from './log.ts';

/** An entry of a log in a form that can be stored. */
export interface LogEntry {
  /** In ms since the run began. */
  readonly at: number;
  readonly level: keyof Log;
  readonly text: string;
  /** undefined: the text is all. */
  readonly event?: Exclude<LogEvent, string>;
}

/** A log that remembers. */
export interface RecordingLog extends Log {
  /** Oldest first; grows. */
  readonly entries: readonly LogEntry[];
}

/** What hooks and jobs print has no end; it is kept in the cluster, where room is dear. */
const MOST_LETTERS = 200_000;

export function recordLog(log: Log, now: () => number = () => performance.now()): RecordingLog {
  const began = now();
  const told: LogEntry[] = [];
  let letters = 0;
  let isFull = false;
  const keep = (entry: Omit<LogEntry, 'at'>): void => {
    const at = Math.round(now() - began);
    letters += entry.text.length;
    // Events are few, and the report is made of them.
    if (entry.event || letters <= MOST_LETTERS) return void told.push({ at, ...entry });
    if (!isFull) told.push({ at, level: 'warn', text: 'more was said than is kept' });
    isFull = true;
  };
  const say = (level: keyof Log): LogMethod =>
    ((...given: readonly [string] | readonly [Exclude<LogEvent, string>, string]) => {
      const [first, text = ''] = given;
      keep(typeof first === 'string' ? { level, text: first } : { level, text, event: first });
      (log[level] as (...all: typeof given) => void)(...given);
    }) as LogMethod;
  return { debug: say('debug'), info: say('info'), warn: say('warn'), error: say('error'), entries: told };
}

export const silentLog: RecordingLog = {
  ...{ debug: () => {}, info: () => {}, warn: () => {}, error: () => {} },
  entries: [],
};
