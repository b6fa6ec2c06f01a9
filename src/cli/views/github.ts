import { appendFileSync, existsSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import type { DeployError } from '../../shared/errors.ts';
import {
  isTask,
  type LogEvent,
  type LogMethod,
  type ResultEvent,
  type WarningEvent,
} from '../../shared/log.ts';
import { renderEvent } from './text.ts';
import { type Level, plainView, type View } from './view.ts';

/** Files that GitHub gives to a step: what is appended becomes its outputs, and a page of the run. */
export interface StepFiles {
  readonly output: string | undefined;
  readonly summary: string | undefined;
}

/** The same lines on GitHub: a group for each step, which one can open; how it ended, and warnings, stand outside. */
export function githubView(
  write: (line: string) => void,
  files: StepFiles,
  checkout: Checkout,
  isVerbose = false,
): View {
  const warning = (text: string) =>
    renderPlaced('warning', text, checkout) ?? `::warning::${escapeData(text)}`;
  let open: string | undefined;
  const close = () => {
    if (open !== undefined) write('::endgroup::');
    open = undefined;
  };
  const say =
    (level: Level): LogMethod =>
    (event: LogEvent, message?: string) => {
      if (isTask(event) || (level === 'debug' && !isVerbose)) return;
      const line = renderEvent(level, event, message);
      if (typeof event !== 'string' && 'rule' in event)
        return write(warnPlaced(event, message ?? '', checkout));
      if (typeof event === 'string' || !('step' in event)) {
        if (typeof event !== 'string' && 'release' in event) giveResult(event, files);
        return write(
          level === 'info' || level === 'debug'
            ? escapeWorkflowCommands(line)
            : warning(typeof event === 'string' ? event : line.trim()),
        );
      }
      // Groups cannot lie in one another: of steps that run at once the first one has it.
      if (event.state === 'started' && open === undefined) {
        open = event.step;
        return write(`::group::${escapeData(event.step)}`);
      }
      if (event.state !== 'started' && open === event.step) close();
      write(escapeWorkflowCommands(line));
    };
  return plainView({ debug: say('debug'), info: say('info'), warn: say('warn'), error: say('error') });
}

/** One annotation for each rule, at the first place that it found: GitHub shows ten at most. */
function warnPlaced({ findings: [first] }: WarningEvent, message: string, checkout: Checkout): string {
  const { file, line } = first ?? {};
  const own = `${file}:${line}: ${message}`;
  return renderPlaced('warning', own, checkout) ?? `::warning::${escapeData(message)}`;
}

function giveResult({ summary, digests, ...result }: ResultEvent, files: StepFiles): void {
  const tag = result.id.replace(/_\d{14}$/, '');
  const outputs = Object.entries({ ...result, tag, digests: JSON.stringify(digests) });
  if (files.output)
    appendFileSync(files.output, outputs.map(([name, value]) => `${name}=${value}\n`).join(''));
  if (files.summary) appendFileSync(files.summary, `${summary}\n`);
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * How the run ended: an output of the step, also of one that fails, because what comes next may depend on why; and of a
 * failure the page of the run has what stderr has.
 */
export function writeOutcome(status: number, failure: string | undefined, environment: Environment): void {
  const { GITHUB_ACTIONS, GITHUB_OUTPUT, GITHUB_STEP_SUMMARY } = environment;
  if (GITHUB_ACTIONS !== 'true') return;
  try {
    if (GITHUB_OUTPUT) appendFileSync(GITHUB_OUTPUT, `exit-code=${status}\n`);
    if (GITHUB_STEP_SUMMARY && failure !== undefined)
      appendFileSync(GITHUB_STEP_SUMMARY, `### Failed\n\n${indented(failure)}\n`);
  } catch {
    // How the run ended stays as it is.
  }
}

/** A block of code that its own content cannot end. */
const indented = (text: string) => text.replaceAll(/^/gm, '    ');

/** Where a run stands, and the root of the repository, from which GitHub wants its paths. */
export interface Checkout {
  readonly folder: string;
  readonly workspace: string;
}

export const checkoutAt = (folder: string, { GITHUB_WORKSPACE }: Environment): Checkout => ({
  folder,
  workspace: GITHUB_WORKSPACE || folder,
});

/** Text that begins with file, line and column. */
const PLACE = /^(\S+?):(\d+)(?::(\d+))?:? (.*)$/s;

function renderPlaced(
  kind: 'error' | 'warning',
  text: string,
  { folder, workspace }: Checkout,
): string | undefined {
  const [, file, line, column, rest] = PLACE.exec(text) ?? [];
  if (file === undefined || rest === undefined) return undefined;
  // registry.example:5000 looks like a place, too.
  const path = resolve(folder, file);
  if (!existsSync(path)) return undefined;
  const place = [
    `file=${escapeProperty(relative(workspace, path))}`,
    `line=${line}`,
    ...(column ? [`col=${column}`] : []),
  ];
  return `::${kind} ${place.join(',')}::${escapeData(rest)}`;
}

/** Annotations next to the lines of files: each problem with a place, and the failure. */
export function renderAnnotations(
  { message, details }: Pick<DeployError, 'message' | 'details'>,
  checkout: Checkout,
): readonly string[] {
  const placed = details.flatMap((detail) => renderPlaced('error', detail, checkout) ?? []);
  return placed.length > 0 ? placed : [`::error::${escapeData(message)}`];
}

/** Text that is not ours, a service's log for one, must not be taken for a command to GitHub's runner. */
export function escapeWorkflowCommands(text: string): string {
  return text.replaceAll(/^(\s*):(?=:)/gm, '$1: ').replaceAll('##[', '# #[');
}

/** As GitHub's workflow commands want it. */
export function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

const escapeProperty = (text: string) => escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
