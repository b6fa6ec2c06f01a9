import { isTask, type LogEvent, type Say, type StepEvent } from '../../shared/log.ts';
import { type Level, plainView, type View } from './view.ts';

/** A line of text for each event: what CI shows. */
export function textView(write: (line: string) => void): View {
  const say =
    (level: Level): Say =>
    (event: LogEvent, message?: string) => {
      if (!isTask(event)) write(renderEvent(level, event, message));
    };
  return plainView({ info: say('info'), warn: say('warn'), error: say('error') });
}

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
  return level === 'info' ? `  ${message}` : `  warning: ${message}`;
}
