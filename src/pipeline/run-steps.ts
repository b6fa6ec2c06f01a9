import { DeployError, messageOf } from '../shared/errors.ts';
import type { Log } from '../shared/log.ts';
import type { Deployment, Step } from './step.ts';

/** Runs the steps in order. If one fails, those that were started are undone, newest first. */
export async function runSteps(steps: readonly Step[], start: Deployment): Promise<Deployment> {
  const { log, signal } = start.tools;
  const started: Step[] = [];
  let deployment = start;
  try {
    for (const step of steps.filter(({ describe }) => describe(start.release).length > 0)) {
      signal.throwIfAborted();
      started.unshift(step);
      const learned = await timed(log, step.name, () => step.run(deployment));
      deployment = { ...deployment, learned: { ...deployment.learned, ...learned } };
    }
    return deployment;
  } catch (thrown) {
    const failure = signal.aborted ? signal.reason : thrown;
    await undoSteps(started, deployment, failure);
    throw failure;
  }
}

/** After a release is healthy nothing may harm it: what fails here is a warning. */
export async function runCleanup(steps: readonly Step[], deployment: Deployment): Promise<void> {
  const { log, mask } = deployment.tools;
  for (const step of steps) {
    if (step.describe(deployment.release).length === 0) continue;
    await timed(log, step.name, () => step.run(deployment)).catch((error) =>
      log.warn(`the release is fine, but to ${step.name} failed: ${mask(messageOf(error))}`),
    );
  }
}

/** Each undoing is tried, whatever became of the others. Ctrl-C stops a deploy, not the way back. */
async function undoSteps(started: readonly Step[], deployment: Deployment, failure: unknown): Promise<void> {
  const { tools } = deployment;
  const { signal } = new AbortController();
  const fresh: Deployment = { ...deployment, tools: { ...tools, signal } };
  const stuck: string[] = [];
  for (const { name, undo } of started) {
    if (!undo) continue;
    await timed(tools.log, `undo: ${name}`, () => undo(fresh)).catch((error) =>
      stuck.push(`undo: ${name}: ${tools.mask(messageOf(error))}`),
    );
  }
  if (stuck.length === 0) return;
  throw new DeployError('RESTORE_FAILED', `the deploy failed and could not be taken back`, {
    details: [...stuck, `the deploy failed because: ${tools.mask(messageOf(failure))}`],
    hint: 'look at the services with `docker stack ps`; DEPLOYING.md#restore-failed says what to do by hand',
    cause: failure,
  });
}

/** Says that a step begins and how it ended, with its duration. */
export async function timed<T>(log: Log, step: string, run: () => Promise<T>): Promise<T> {
  const start = performance.now();
  const ms = () => Math.round(performance.now() - start);
  log.info({ step, state: 'started' }, step);
  try {
    const result = await run();
    log.info({ step, state: 'done', ms: ms() }, step);
    return result;
  } catch (error) {
    log.error({ step, state: 'failed', ms: ms() }, step);
    throw error;
  }
}
