import { createLogUpdate } from 'log-update';
import { isTask, type LogEvent, type LogMethod, type TaskEvent } from '../../shared/log.ts';
import { paint } from '../../shared/paint.ts';
import { type LiveState, NOTHING, planState, renderFrame } from './live-state.ts';
import { isQuick, shorten } from './text.ts';
import type { Level, Output, View } from './view.ts';

const REDRAW_MS = 100;

/** What has happened stays as lines; what happens now is drawn below them, in place. */
export function liveView({ stream, colour }: Output, isVerbose = false): View {
  // The cursor stays visible: nobody would show it again after a kill.
  const screen = createLogUpdate(stream, { showCursor: true });
  let state: LiveState = NOTHING;
  let timer: NodeJS.Timeout | undefined;
  const draw = () => {
    const { columns = 80, rows = 24 } = stream;
    screen(renderFrame(state, { columns, rows, colour, now: Date.now() }));
  };
  const rest = () => {
    clearInterval(timer);
    timer = undefined;
    screen.clear();
  };
  const follow = () => {
    if (state.steps.size === 0) return rest();
    timer ??= setInterval(draw, REDRAW_MS);
    draw();
  };
  const say =
    (level: Level): LogMethod =>
    (event: LogEvent, message?: string) => {
      if (isTask(event) || (level === 'debug' && !isVerbose)) return;
      const isShown = isVerbose || !isQuick(event);
      const line = renderLine(level, event, message, colour);
      if (line !== undefined && isShown) screen.persist(isVerbose ? line : shorten(line));
      if (typeof event === 'string' || 'release' in event || 'rule' in event) return;
      state = planState(state, event, Date.now());
      follow();
    };
  return {
    debug: say('debug'),
    info: say('info'),
    warn: say('warn'),
    error: say('error'),
    async suspended(run) {
      rest();
      return await run().finally(follow);
    },
    end: async () => rest(),
  };
}

/** What stays; undefined: it is only drawn. */
function renderLine(
  level: Level,
  event: Exclude<LogEvent, TaskEvent>,
  message: string | undefined,
  colour: boolean,
): string | undefined {
  const tint = (name: Parameters<typeof paint>[0], text: string) => (colour ? paint(name, text) : text);
  if (typeof event === 'string')
    return ['debug', 'info'].includes(level)
      ? tint('dim', `  ${event}`)
      : tint('yellow', `  warning: ${event}`);
  if ('rule' in event) return tint('yellow', `  warning ${message}`);
  if ('release' in event) return tint('bold', `  ${message}`);
  if ('part' in event || event.state === 'started') return undefined;
  const took = `(${((event.ms ?? 0) / 1000).toFixed(1)} s)`;
  return event.state === 'done'
    ? `${tint('green', '✓')} ${event.step} ${tint('dim', took)}`
    : `${tint('red', '✗')} ${tint('red', event.step)} ${took}`;
}
