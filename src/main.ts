import { readFileSync } from 'node:fs';
import { describeWaiting } from './cli/describe-waiting.ts';
import { asksForDocument, parseInvocation, runInvocation } from './cli/run.ts';
import { describeFailure } from './cli/show-failure.ts';
import { checkoutAt, escapeWorkflowCommands, renderAnnotations, writeOutcome } from './cli/views/github.ts';
import { openView } from './cli/views/open-view.ts';
import { renderPrinted, showingControls } from './cli/views/print.ts';
import { outputOn, type View } from './cli/views/view.ts';
import { readGit } from './config/read-git.ts';
import { readProject } from './config/read-project.ts';
import type { RunContext } from './pipeline/run-context.ts';
import { DeployError, FAILURES } from './shared/errors.ts';
import { isSensitive } from './shared/is-sensitive.ts';
import { mapLog } from './shared/log.ts';
import { type HiddenValue, Secrecy } from './shared/mask.ts';
import { type RecordingLog, recordLog } from './shared/recording-log.ts';
import { Secret } from './shared/secret.ts';
import { showControls } from './shared/show-controls.ts';
import type { Ask } from './shared/tools.ts';

/** The only file that touches the process: its arguments, environment, signals, output and status. */
process.once('beforeExit', endUnfinished);
void main().then(async (status) => {
  process.off('beforeExit', endUnfinished);
  process.exitCode = status;
  // What is still open must not keep a run alive that is over; what was said gets out first.
  await Promise.all([process.stdout, process.stderr].map(flush));
  process.exit();
});

async function main(): Promise<number> {
  // Node's own warnings are for the maker of a program, not for its user.
  process.removeAllListeners('warning');
  // The docker client's debug output would print the registry login of every request.
  delete process.env.DEBUG;
  // Whoever read the output has gone; that must not end a deploy half way.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
  let view: View | undefined;
  let folder: string | undefined;
  const secrecy = new Secrecy();
  secrecy.learn(findInEnvironment());
  try {
    const invocation = parseInvocation(process.argv.slice(2), readVersion());
    if (invocation.print) {
      process.stdout.write(`${invocation.print}\n`);
      writeOutcome(0, undefined, process.env);
      return 0;
    }
    folder = readFolder();
    const { command, given, json } = invocation;
    const isVerbose = invocation.verbose || process.env.WAGGLE_VERBOSE === '1';
    const printsResult = command?.printsResult && !given.flags.offline;
    const output = outputOn(printsResult ? process.stderr : process.stdout, process.env);
    const wanted = { isJson: json && !printsResult, isVerbose, command: command?.name ?? '' };
    view = await openView(wanted, output, process.env);
    const status = await runInvocation(
      invocation,
      createContext(view, folder, secrecy, given.flags.raw === true),
    );
    await view.end();
    writeOutcome(status, undefined, process.env);
    return status;
  } catch (error) {
    await view?.end(error);
    const { text: told, exitCode, document } = describeFailure(error);
    const shown = shownBy(secrecy);
    const text = shown(told);
    process.stderr.write(`${said(text)}\n`);
    // A result that was printed stays the only document.
    if (asksForDocument(process.argv.slice(2)) && process.stdout.bytesWritten === 0)
      process.stdout.write(`${said(showControls(secrecy.render(document)))}\n`);
    if (isGithub() && error instanceof DeployError)
      for (const line of renderAnnotations(mapFailure(error, shown), checkoutAt(folder ?? '/', process.env)))
        process.stdout.write(`${line}\n`);
    writeOutcome(exitCode, text, process.env);
    return exitCode;
  }
}

/** Text as it may leave the process. */
const shownBy = (secrecy: Secrecy) => (text: string) => showControls(secrecy.mask(text));

const mapFailure = ({ message, details }: DeployError, map: (text: string) => string) => ({
  message: map(message),
  details: details.map(map),
});

/** Known before any file is read. */
function findInEnvironment(): readonly HiddenValue[] {
  return Object.entries(process.env)
    .filter(([name, value]) => isSensitive(name, value) || name.startsWith('WAGGLE_SECRET_'))
    .map(([, value = '']) => ({ value: new Secret(value), isTelling: true }));
}

/** As it may be said where a runner listens for commands. */
const said = (text: string) => (isGithub() ? escapeWorkflowCommands(text) : text);

const isGithub = () => process.env.GITHUB_ACTIONS === 'true';

function readFolder(): string {
  try {
    return process.cwd();
  } catch (cause) {
    throw new DeployError('CONFIG_INVALID', 'the current folder no longer exists', {
      hint: 'go to the folder of the project: cd <folder>',
      cause,
    });
  }
}

function createContext(view: View, folder: string, secrecy: Secrecy, isRaw: boolean): RunContext {
  const log = mapLog(recordLog(view), shownBy(secrecy));
  const edge = { ...outputOn(process.stdout, process.env), isRaw, isGithub: isGithub() };
  const passing = (stream: NodeJS.WriteStream) => (stream.isTTY && !isRaw ? showingControls(stream) : stream);
  const signal = cancelOnSignals(log);
  const ask = askOnTerminal(view, secrecy, signal);
  return {
    root: folder,
    git: readGit(folder),
    readProject: () => readProject(folder),
    environment: { ...process.env } as Record<string, string>,
    log,
    print: (result, options = {}) =>
      process.stdout.write(`${renderPrinted(secrecy.render(result), options, edge)}\n`),
    draw: drawOnOutput(secrecy),
    streams: { input: process.stdin, output: passing(process.stdout), errors: passing(process.stderr) },
    secrecy,
    signal,
    ask,
    async connect(release, options) {
      const { connectTools } = await import('./cli/connect.ts');
      return connectTools(release, { log, signal, ask, secrecy }, options);
    },
  };
}

const flush = (stream: NodeJS.WriteStream) =>
  new Promise<void>((resolve) => stream.write('', () => resolve()));

/** Loads what draws when something is to be drawn. */
function drawOnOutput(secrecy: Secrecy): RunContext['draw'] {
  let drawing: Promise<(text: string) => void> | undefined;
  return async (result) => {
    drawing ??= import('./cli/views/draw.ts').then(({ drawOn }) =>
      drawOn(outputOn(process.stdout, process.env)),
    );
    (await drawing)(showControls(secrecy.render(result)));
  };
}

const askOnTerminal =
  (view: View, secrecy: Secrecy, stop: AbortSignal): Ask =>
  async (question, options) => {
    const { askOn } = await import('./cli/ask.ts');
    const ask = askOn({ input: process.stdin, output: process.stderr }, stop);
    const answer = await view.suspended(() => ask(shownBy(secrecy)(question), options));
    if (options?.isHidden && answer) secrecy.learn([{ value: new Secret(answer), isTelling: true }]);
    return answer;
  };

/** Node would end in silence, with status 13, when something that is waited for can no longer happen. */
function endUnfinished(): void {
  process.stderr.write(
    'this is a bug in waggle, please report it: it waited for what cannot happen any more\n',
  );
  process.exit(FAILURES.INTERNAL);
}

/** Ctrl-C stops the deploy and starts the restore. Pressing it again does not stop the restore: it says what Waggle waits for. */
function cancelOnSignals(log: RecordingLog): AbortSignal {
  const controller = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(name, () => {
      if (controller.signal.aborted)
        log.warn(`already stopping, waiting for: ${describeWaiting(log.entries) ?? 'the end of the run'}`);
      controller.abort(
        new DeployError('CANCELLED', `stopped by ${name}`, { hint: 'deploy again when you are ready' }),
      );
    });
  }
  return controller.signal;
}

function readVersion(): string {
  return JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')).version;
}
