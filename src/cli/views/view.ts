import type { Log } from '../../shared/log.ts';

/** What shows the events of a run. */
export interface View extends Log {
  /** Keeps still while somebody is asked. */
  suspended<T>(run: () => Promise<T>): Promise<T>;
  /** Nothing comes after it; `failure`: what the run threw. Never throws. */
  end(failure?: unknown): Promise<void>;
}

/** Where a view writes, and what is known of it. */
export interface Output {
  readonly stream: NodeJS.WritableStream & { readonly columns?: number; readonly rows?: number };
  /** Somebody looks at it: it can be drawn on. */
  readonly isTerminal: boolean;
  readonly colour: boolean;
}

/** https://no-color.org: set to anything but nothing, there are no colours on a terminal either. */
export function outputOn(
  stream: Output['stream'] & { readonly isTTY?: boolean },
  { NO_COLOR }: Readonly<Record<string, string | undefined>>,
): Output {
  const isTerminal = stream.isTTY === true;
  return { stream, isTerminal, colour: isTerminal && !NO_COLOR };
}

export type Level = keyof Log;

/** A view that writes each event as it comes. */
export function plainView(log: Log): View {
  return { ...log, suspended: (run) => run(), end: async () => {} };
}
