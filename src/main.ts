#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { createLog } from './cli/render-log.ts';
import { parseInvocation, runInvocation } from './cli/run.ts';
import { describeFailure } from './cli/show-failure.ts';
import { DeployError, FAILURES } from './shared/errors.ts';

/** The only file that touches the process: its arguments, environment, signals, output and status. */
process.once('beforeExit', endUnfinished);
process.exitCode = await main();
process.off('beforeExit', endUnfinished);

async function main(): Promise<number> {
  // The docker client's debug output would print the registry login of every request.
  delete process.env.DEBUG;
  try {
    const invocation = parseInvocation(process.argv.slice(2), readVersion());
    if (invocation.print) process.stdout.write(`${invocation.print}\n`);
    const log = createLog(invocation.json, process.stdout);
    const signal = cancelOnSignals();
    // Whoever read the output has gone; that must not end a deploy half way.
    for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
    await runInvocation(invocation, {
      root: process.cwd(),
      environment: { ...process.env } as Record<string, string>,
      log,
      signal,
      connect: async (release) => (await import('./cli/connect.ts')).connectTools(release, log, signal),
    });
    return 0;
  } catch (error) {
    const { text, exitCode } = describeFailure(error);
    process.stderr.write(`${text}\n`);
    return exitCode;
  }
}

/** Node would end in silence, with status 13, when something that is waited for can no longer happen. */
function endUnfinished(): void {
  process.stderr.write(
    'this is a bug in waggle, please report it: it waited for what cannot happen any more\n',
  );
  process.exit(FAILURES.INTERNAL);
}

/** Ctrl-C stops the deploy and starts the way back, once; pressing it again does not stop the way back. */
function cancelOnSignals(): AbortSignal {
  const controller = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(name, () => {
      if (controller.signal.aborted) process.stderr.write('already stopping: putting things back first\n');
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
