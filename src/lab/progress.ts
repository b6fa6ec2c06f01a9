/** Shows how far the lab has come. */
export interface Progress {
  /** Runs a part of the work under a name that says how long it usually takes. */
  phase<T>(what: string, run: () => Promise<T>): Promise<T>;
  say(line: string): void;
}

export const SILENT: Progress = { phase: (_what, run) => run(), say: () => {} };
