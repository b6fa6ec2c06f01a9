import type { PartEvent, StepEvent } from '../../shared/log.ts';
import { paint } from '../../shared/paint.ts';

/** What a live picture shows: the steps that run, and how far their parts have come. */
export interface LiveState {
  /** Step -> when it began, in ms. */
  readonly steps: ReadonlyMap<string, number>;
  readonly parts: ReadonlyMap<string, PartEvent>;
}

export const NOTHING: LiveState = { steps: new Map(), parts: new Map() };

/** The state after an event; the parts go when the last step that runs has ended. */
export function planState({ steps, parts }: LiveState, event: StepEvent | PartEvent, now: number): LiveState {
  if ('part' in event) return { steps, parts: new Map([...parts, [event.part, event]]) };
  if (event.state === 'started') return { steps: new Map([...steps, [event.step, now]]), parts };
  const left = new Map([...steps].filter(([step]) => step !== event.step));
  return { steps: left, parts: left.size > 0 ? parts : new Map() };
}

export interface Screen {
  readonly columns: number;
  readonly rows: number;
  readonly colour: boolean;
  /** In ms. */
  readonly now: number;
}

const FRAMES = '⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏';
const FRAME_MS = 100;
/** More slots than this are shown as a number only. */
const MOST_SLOTS = 10;

/** The lines of the picture, none longer than the screen is wide, and fewer than it is high. */
export function renderFrame({ steps, parts }: LiveState, { columns, rows, colour, now }: Screen): string {
  const spin = FRAMES[Math.floor(now / FRAME_MS) % FRAMES.length] ?? '';
  const running = [...steps].map(([step, began]) => `${spin} ${step} ${Math.floor((now - began) / 1000)} s`);
  const fit = (line: string) => (line.length < columns ? line : `${line.slice(0, columns - 2)}…`);
  const tint = (line: string) => (colour ? paint('cyan', line) : line);
  const room = Math.max(0, rows - running.length - 2);
  return [...running.map(fit).map(tint), ...renderParts([...parts.values()], room).map(fit)].join('\n');
}

/** Those that are not done yet come first where not all have room. */
function renderParts(parts: readonly PartEvent[], room: number): readonly string[] {
  const shown =
    parts.length <= room
      ? parts
      : parts.toSorted((a, b) => Number(isDone(a)) - Number(isDone(b))).slice(0, Math.max(0, room - 1));
  const width = Math.max(0, ...shown.map(({ part }) => part.length));
  const lines = shown.map(({ part, done, of, note = '' }) =>
    `    ${part.padEnd(width)}  ${renderSlots(done, of)}  ${note}`.trimEnd(),
  );
  return shown.length < parts.length ? [...lines, `    and ${parts.length - shown.length} more`] : lines;
}

const isDone = ({ done, of }: PartEvent) => done >= of;

function renderSlots(done: number, of: number): string {
  const count = `${done}/${of}`;
  return of > MOST_SLOTS || of === 0
    ? count
    : `${'■'.repeat(Math.min(done, of))}${'□'.repeat(Math.max(0, of - done))} ${count}`;
}
