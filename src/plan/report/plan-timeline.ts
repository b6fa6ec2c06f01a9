import { groupBy } from '../../shared/group-by.ts';
import type { PartEvent, StepEvent, TaskEvent } from '../../shared/log.ts';
import type { LogEntry } from '../../shared/recording-log.ts';
import type { ReleaseRecord } from '../records/release-record.ts';

/** What a run did when: rows of bars over one axis. */
export interface Timeline {
  /** How long the axis is. */
  readonly ms: number;
  readonly groups: readonly Group[];
}

export interface Group {
  /** `steps`, or a service. */
  readonly title: string;
  readonly rows: readonly Row[];
}

export interface Row {
  readonly label: string;
  /** It is part of the row above. */
  readonly isPart: boolean;
  readonly bars: readonly Bar[];
  /** What stands behind the bars: a duration, a count, a node. */
  readonly value: string;
  /** All of it in words. */
  readonly story: string;
}

export interface Bar {
  readonly kind: BarKind;
  /** In ms since the run began; the same: a moment. */
  readonly from: number;
  readonly to: number;
}

/** Of a step: step, failed. Of an answer: good, waiting. Of a task: old, waiting (to run), good (new), failed. */
export const BAR_KINDS = ['step', 'old', 'waiting', 'good', 'failed'] as const;
export type BarKind = (typeof BAR_KINDS)[number];

/** `before`: what ran until then; undefined: nobody knows any more. */
export function planTimeline(record: ReleaseRecord, before: ReleaseRecord | undefined): Timeline {
  const { told = [], stack } = record;
  const ms = told.at(-1)?.at ?? 0;
  const tasks = told.flatMap(({ at, event }) => (event && 'task' in event ? [{ at, event }] : []));
  const services = [...groupBy(tasks, ({ event }) => event.service)].sort(([a], [b]) => a.localeCompare(b));
  return {
    ms,
    groups: [
      { title: 'steps', rows: planSteps(told, stack) },
      ...services
        .map(([title, own]) => ({ title, rows: planTasks(own, before, ms) }))
        .filter(({ rows }) => rows.some(({ bars }) => bars.some(({ kind }) => kind !== 'old'))),
    ],
  };
}

export const renderMs = (ms: number) => (ms < 1000 ? `${ms} ms` : `${(ms / 1000).toFixed(1)} s`);

interface At<Event> {
  readonly at: number;
  readonly event: Event;
}

/** Those that ended, each with what it built or asked for; its services have rows of their own. */
function planSteps(told: readonly LogEntry[], stack: string): readonly Row[] {
  const open = new Map<string, { from: number; parts: At<PartEvent>[] }>();
  return told.flatMap(({ at, event }) => {
    if (event && 'part' in event && !event.part.startsWith(`${stack}_`))
      [...open.values()].at(-1)?.parts.push({ at, event });
    if (!event || !('step' in event)) return [];
    if (event.state === 'started') open.set(event.step, { from: at, parts: [] });
    const began = open.get(event.step);
    if (event.state === 'started' || !began) return [];
    open.delete(event.step);
    const parts = groupBy(began.parts, (part) => part.event.part);
    return [planStep(event, began.from, at), ...[...parts].map(([part, own]) => planPart(part, own))];
  });
}

function planStep({ step, state, ms = 0 }: StepEvent, from: number, to: number): Row {
  const kind = state === 'failed' ? 'failed' : 'step';
  const value = state === 'failed' ? `failed, ${renderMs(ms)}` : renderMs(ms);
  const story = `${step}: ${state} at ${renderMs(to)}, after ${renderMs(ms)}`;
  return { label: step, isPart: false, bars: [{ kind, from, to }], value, story };
}

function planPart(label: string, events: readonly At<PartEvent>[]): Row {
  const last = events.at(-1)?.event;
  return {
    label,
    isPart: true,
    bars: events.map(({ at, event }) => ({ kind: event.done > 0 ? 'good' : 'waiting', from: at, to: at })),
    value: last ? `${last.done}/${last.of}` : '',
    story: tell(
      label,
      events.map(({ at, event }) => ({ at, what: event.note ?? `${event.done}/${event.of}` })),
    ),
  };
}

/** One row for each slot of a service: from the task that was there to the one that took its place. */
function planTasks(
  events: readonly At<TaskEvent>[],
  before: ReleaseRecord | undefined,
  end: number,
): readonly Row[] {
  const slots = [...groupBy(events, ({ event }) => event.task)];
  const collator = new Intl.Collator('en', { numeric: true });
  return slots
    .sort(([a], [b]) => collator.compare(a, b))
    .map(([label, own]) => {
      const last = own.at(-1)?.event;
      return {
        label,
        isPart: false,
        bars: planBars(own, before, end),
        value: last ? `${last.state}${last.node ? ` on ${last.node}` : ''}` : '',
        story: tell(
          label,
          own.map(({ at, event }) => ({ at, what: describeState(event) })),
        ),
      };
    });
}

function planBars(
  events: readonly At<TaskEvent>[],
  before: ReleaseRecord | undefined,
  end: number,
): readonly Bar[] {
  const [first] = events;
  if (!first) return [];
  const old = hadTask(before, first.event) ? [{ kind: 'old', from: 0, to: first.at } as const] : [];
  return [
    ...old,
    ...events.map(({ at, event }, index) => ({
      kind: kindOf(event),
      from: at,
      to: events[index + 1]?.at ?? end,
    })),
  ];
}

function kindOf({ state, spec }: TaskEvent): BarKind {
  if (['failed', 'rejected', 'orphaned'].includes(state)) return 'failed';
  if (!['running', 'complete'].includes(state)) return 'waiting';
  return spec === 'new' ? 'good' : 'old';
}

function hadTask(before: ReleaseRecord | undefined, { service, task }: TaskEvent): boolean {
  const spec = before?.services.find(({ Name }) => Name === service);
  const slot = Number(task.split('.').at(-1));
  return spec !== undefined && (Number.isNaN(slot) || slot <= (spec.Mode?.Replicated?.Replicas ?? 1));
}

function describeState({ state, node, spec, error }: TaskEvent): string {
  const where = node && ` on ${node}`;
  return `${state}${where}${spec === 'before' ? ', as before' : ''}${error ? ` (${error})` : ''}`;
}

const tell = (label: string, moments: readonly { readonly at: number; readonly what: string }[]) =>
  `${label}: ${moments.map(({ at, what }) => `${what} at ${renderMs(at)}`).join(', ')}`;
