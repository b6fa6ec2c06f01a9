export interface LogSource {
  readonly kind: 'service' | 'task';
  readonly id: string;
  /** Its tasks have a terminal: Docker then passes on what they write as it is. */
  readonly isTerminal: boolean;
}

export interface LogOptions {
  /** Also what is said from now on, until the signal. */
  readonly follow: boolean;
  /** In seconds since 1970; 0: from the beginning. */
  readonly since: number;
  /** The number of last lines of each task. */
  readonly tail: number | 'all';
}

export interface LogLine {
  /** ISO 8601 with nanoseconds, by the clock of the task's node. */
  readonly time: string;
  readonly taskId: string;
  readonly text: string;
}
