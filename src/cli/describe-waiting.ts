import type { PartEvent, StepEvent } from '../shared/log.ts';
import type { LogEntry } from '../shared/recording-log.ts';

type Event = NonNullable<LogEntry['event']>;
const isStep = (event: Event): event is StepEvent => 'step' in event;
const isPart = (event: Event): event is PartEvent => 'part' in event;

/** Returns the step that runs now, with its newest unfinished part; undefined if no step runs. */
export function describeWaiting(told: readonly LogEntry[]): string | undefined {
  const events = told.flatMap(({ event }) => event ?? []);
  const steps = events.filter(isStep);
  const ended = (step: string) =>
    steps.findLastIndex((event) => event.step === step && event.state !== 'started');
  const running = steps.findLast(
    ({ step, state }, at) =>
      state === 'started' && at > ended(step) && at === steps.findLastIndex((one) => one.step === step),
  );
  if (!running) return undefined;
  const parts = events.slice(events.indexOf(running)).filter(isPart);
  const open = parts.findLast(
    (part) => part.done < part.of && part === parts.findLast((one) => one.part === part.part),
  );
  if (!open) return running.step;
  return `${running.step}: ${open.part} ${open.done}/${open.of}${open.note ? `, ${open.note}` : ''}`;
}
