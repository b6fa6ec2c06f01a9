import { appendFileSync } from 'node:fs';
import type { DeployError } from '../../shared/errors.ts';
import { isTask, type LogEvent, type ResultEvent, type Say } from '../../shared/log.ts';
import { renderEvent } from './text.ts';
import { type Level, plainView, type View } from './view.ts';

/** Files that GitHub gives to a step: what is appended becomes its outputs, and a page of the run. */
export interface StepFiles {
  readonly output: string | undefined;
  readonly summary: string | undefined;
}

/** The same lines on GitHub: a group for each step, which one can open; how it ended, and warnings, stand outside. */
export function githubView(write: (line: string) => void, files: StepFiles): View {
  let open: string | undefined;
  const close = () => {
    if (open !== undefined) write('::endgroup::');
    open = undefined;
  };
  const say =
    (level: Level): Say =>
    (event: LogEvent, message?: string) => {
      if (isTask(event)) return;
      const line = renderEvent(level, event, message);
      if (typeof event === 'string' || !('step' in event)) {
        if (typeof event !== 'string' && 'release' in event) giveResult(event, files);
        return write(level === 'info' ? line : `::warning::${escapeData(line.trim())}`);
      }
      // Groups cannot lie in one another: of steps that run at once the first one has it.
      if (event.state === 'started' && open === undefined) {
        open = event.step;
        return write(`::group::${escapeData(event.step)}`);
      }
      if (event.state !== 'started' && open === event.step) close();
      write(line);
    };
  return plainView({ info: say('info'), warn: say('warn'), error: say('error') });
}

function giveResult({ summary, digests, ...result }: ResultEvent, files: StepFiles): void {
  const outputs = Object.entries({ ...result, digests: JSON.stringify(digests) });
  if (files.output)
    appendFileSync(files.output, outputs.map(([name, value]) => `${name}=${value}\n`).join(''));
  if (files.summary) appendFileSync(files.summary, `${summary}\n`);
}

/** Details that begin with file, line and column. */
const PLACE = /^(\S+?):(\d+)(?::(\d+))?:? (.*)$/;

/** What GitHub shows beside the lines of the files: each problem that has a place, and what failed. */
export function renderAnnotations({ message, details }: DeployError): readonly string[] {
  const placed = details.flatMap((detail) => {
    const [, file, line, column, text] = PLACE.exec(detail) ?? [];
    if (file === undefined || text === undefined) return [];
    const place = [`file=${file}`, `line=${line}`, ...(column ? [`col=${column}`] : [])];
    return [`::error ${place.join(',')}::${escapeData(text)}`];
  });
  return placed.length > 0 ? placed : [`::error::${escapeData(message)}`];
}

/** As GitHub's workflow commands want it. */
export function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}
