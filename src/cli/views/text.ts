import { isTask, type LogEvent, type LogMethod, type StepEvent } from '../../shared/log.ts';
import { type Level, plainView, type View } from './view.ts';

/** A step that takes less is not worth a line. Milliseconds. */
const QUICK_MS = 1_000;

/** A line of text for each event: what CI shows. Only with `isVerbose` quick steps and details are among them. */
export function textView(write: (line: string) => void, isVerbose = false): View {
  const shown = isVerbose ? (line: string) => line : shorten;
  const began = isVerbose ? undefined : new BegunSteps((step) => write(renderStep(step)));
  const say =
    (level: Level): LogMethod =>
    (event: LogEvent, message?: string) => {
      if (isTask(event) || (level === 'debug' && !isVerbose)) return;
      const isStep = typeof event !== 'string' && 'step' in event;
      if (!isStep || !began || began.isShown(event)) write(shown(renderEvent(level, event, message)));
    };
  return plainView({ debug: say('debug'), info: say('info'), warn: say('warn'), error: say('error') });
}

/** Shows the beginning of a step once it has taken a second, and its end only then. */
class BegunSteps {
  readonly #show: (step: StepEvent) => void;
  readonly #waiting = new Map<string, NodeJS.Timeout>();

  constructor(show: (step: StepEvent) => void) {
    this.#show = show;
  }

  isShown(event: StepEvent): boolean {
    const waiting = this.#waiting.get(event.step);
    if (event.state === 'started') {
      const show = () => {
        this.#waiting.delete(event.step);
        this.#show(event);
      };
      this.#waiting.set(event.step, setTimeout(show, QUICK_MS).unref());
      return false;
    }
    clearTimeout(waiting);
    this.#waiting.delete(event.step);
    return !isQuick(event) || waiting === undefined;
  }
}

/** The end of a step that took no time worth a line. */
export const isQuick = (event: LogEvent): boolean =>
  typeof event !== 'string' && 'step' in event && event.state === 'done' && (event.ms ?? 0) < QUICK_MS;

/** Digests with the 12 digits that tell them apart. */
export const shorten = (text: string) => text.replaceAll(/(sha256:[0-9a-f]{12})[0-9a-f]{52}/g, '$1');

export function renderEvent(level: Level, event: LogEvent, message = ''): string {
  if (typeof event === 'string') return renderMessage(level, event);
  if ('rule' in event) return `  warning ${message}`;
  return 'step' in event ? renderStep(event) : renderMessage(level, message);
}

function renderStep({ step, state, ms = 0 }: StepEvent): string {
  if (state === 'started') return `> ${step}`;
  return `${state === 'done' ? 'ok' : 'FAILED'} ${step} (${(ms / 1000).toFixed(1)} s)`;
}

function renderMessage(level: Level, message: string): string {
  return level === 'warn' || level === 'error' ? `  warning: ${message}` : `  ${message}`;
}
