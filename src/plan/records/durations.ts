import type { LogEntry } from '../../shared/recording-log.ts';

export interface Duration {
  readonly step: string;
  readonly ms: number;
}

/** Of each step that ended, in their order. */
export function durationsOf(told: readonly LogEntry[]): readonly Duration[] {
  return told.flatMap(({ event }) =>
    event && 'step' in event && event.ms !== undefined ? [{ step: event.step, ms: event.ms }] : [],
  );
}
