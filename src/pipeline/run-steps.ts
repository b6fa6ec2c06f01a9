import { DeployError, type FailureCode, messageOf } from '../shared/errors.ts';
import type { Log } from '../shared/log.ts';
import { describeFailure } from '../shared/settle-all.ts';
import { TimeLimit } from '../shared/time-limit.ts';
import { closeWhenFree } from './history/close-when-free.ts';
import { HEALTHY } from './history/journal.ts';
import { recordRelease } from './history/record-release.ts';
import { commandAt } from './pending-commands.ts';
import type { Deployment, Step } from './step.ts';
import { restoreMs } from './wait-limits.ts';

/** Runs the steps in order. If one fails, those that were started are undone, newest first. */
export async function runSteps(steps: readonly Step[], start: Deployment): Promise<Deployment> {
  const { log, signal } = start.tools;
  const started: Step[] = [];
  let deployment = start;
  try {
    for (const step of steps.filter(({ describe }) => describe(start.release).length > 0)) {
      await reach(step, deployment);
      signal.throwIfAborted();
      started.unshift(step);
      const outputs = await timed(log, step.name, () => step.run(deployment));
      deployment = { ...deployment, outputs: { ...deployment.outputs, ...outputs } };
    }
    return deployment;
  } catch (thrown) {
    const failure = signal.aborted ? signal.reason : thrown;
    // The new holder of the lock restores the stack from the journal.
    if (isOf('LOCK_LOST', failure)) throw failure;
    const isKept = await isLeft(failure, start);
    const outcome = isKept ? failure : await undoSteps(started, deployment, failure);
    // The next run, or the holder of the lock, retries what could not be restored.
    if (!isOf('RESTORE_FAILED', outcome) && !isOf('LOCK_LOST', outcome))
      await endJournal(deployment, outcome, isKept);
    throw outcome;
  }
}

/** The journal of an interrupted run must name every change that it may have made. */
async function reach({ name, isChange, runsCommand }: Step, deployment: Deployment): Promise<void> {
  const { release, tools, outputs } = deployment;
  const { journal } = outputs;
  const address = runsCommand ? tools.remote.address : undefined;
  if (address) journal?.expect(commandAt(address, release.settings));
  if (isChange?.(deployment)) return journal?.reach(name);
  journal?.pass(name);
}

const isOf = (code: FailureCode, error: unknown) => error instanceof DeployError && error.code === code;

/** What failed belongs to the history, too. */
async function endJournal(deployment: Deployment, failure: unknown, isKept: boolean): Promise<void> {
  const { outputs, tools } = deployment;
  const { journal } = outputs;
  if (!journal) return;
  await (isKept ? journal.reach(HEALTHY) : Promise.resolve())
    .then(() => recordRelease(deployment, { failure, isKept }))
    .then((number) => tools.log.info(`details: waggle report r${number}`))
    .then(() => closeWhenFree(deployment, { id: deployment.release.id, journal }))
    .catch((error) => tools.log.warn(`the journal is left open: ${messageOf(error)}`));
}

/** The health is unknown, and the settings or the user keep the release. */
async function isLeft(failure: unknown, { release, tools }: Deployment): Promise<boolean> {
  if (!(failure instanceof DeployError) || failure.code !== 'HEALTH_UNKNOWN') return false;
  const { ON_INCONCLUSIVE: wanted } = release.settings;
  if (wanted !== '') return wanted === 'keep';
  const answer = await tools.ask(`${failure.message}\nrestore the stack? [y/N] `);
  return !/^y/i.test(answer ?? '');
}

/** Nothing may harm a healthy release: failures here are warnings. Throws LOCK_LOST: another run continues. */
export async function runCleanup(
  groups: readonly (readonly Step[])[],
  deployment: Deployment,
): Promise<void> {
  const { log } = deployment.tools;
  let now = deployment;
  const tidy = (step: Step) =>
    timed(log, step.name, () => step.run(now)).catch((error) => {
      deployment.tools.lost.throwIfAborted();
      const why = error instanceof DeployError ? describeFailure(error) : [messageOf(error)];
      log.warn(
        `the release is healthy, but this step failed: ${step.name}: ${why.map((line) => line.trim()).join('; ')}`,
      );
      return undefined;
    });
  for (const group of groups) {
    const outputs = await Promise.all(
      group.filter(({ describe }) => describe(now.release).length > 0).map(tidy),
    );
    now = { ...now, outputs: Object.assign({}, now.outputs, ...outputs) };
  }
}

/** Tries every undo while this run holds the lock, also after one failed. Ctrl-C stops a deploy, not this. Returns what to throw. */
async function undoSteps(
  started: readonly Step[],
  deployment: Deployment,
  failure: unknown,
): Promise<unknown> {
  const { tools } = deployment;
  const allowedMs = restoreMs(deployment.release.settings);
  using limit = new TimeLimit(allowedMs, tools.lost);
  const fresh: Deployment = { ...deployment, tools: { ...tools, signal: limit.signal } };
  const reasonOf = (error: unknown) =>
    limit.isOver && !(error instanceof DeployError) ? tooLong(allowedMs) : error;
  // Nothing waits for it: the journal already holds all that a restore needs.
  deployment.outputs.journal?.reach('restore the stack').catch(() => {});
  const stuck: FailedUndo[] = [];
  const isNotBack = () => stuck.some(({ error }) => !isOf('RESTORE_UNHEALTHY', error));
  for (const { name, undoing = `undo: ${name}`, undo, needsAllBack = false } of started) {
    if (!undo || tools.lost.aborted || (needsAllBack && isNotBack())) continue;
    await timed(tools.log, undoing, () => undo(fresh)).catch((error) =>
      stuck.push({ name: undoing, error: reasonOf(error) }),
    );
  }
  if (tools.lost.aborted) return tools.lost.reason;
  if (stuck.length === 0) return failure;
  return isNotBack() ? notBack(failure, stuck) : notHealthy(failure, stuck);
}

interface FailedUndo {
  readonly name: string;
  readonly error: unknown;
}

const notHealthy = (failure: unknown, stuck: readonly FailedUndo[]) =>
  new DeployError('RESTORE_UNHEALTHY', 'the deploy failed; the stack is restored, but not healthy', {
    details: describeAll(failure, stuck),
    hint: LOOK,
    cause: failure,
  });

const notBack = (failure: unknown, stuck: readonly FailedUndo[]) =>
  new DeployError('RESTORE_FAILED', 'the deploy failed, and the stack could not be restored', {
    details: describeAll(failure, stuck),
    // Without a manager there are no services to look at.
    hint: stuck.every(({ error }) => isUnreachable(error)) ? WHEN_IT_ANSWERS : LOOK,
    cause: failure,
  });

const LOOK = 'look at the services with `docker stack ps`; then follow docs/how-to/restore-failed.md';
const WHEN_IT_ANSWERS =
  'restart the manager, or Docker on it; then run `waggle deploy --on-interrupted=rollback`';

/** No manager answered any request. */
function isUnreachable(error: unknown): boolean {
  return error instanceof DeployError && (error.code === 'UNREACHABLE' || isUnreachable(error.cause));
}

const describeAll = (failure: unknown, stuck: readonly FailedUndo[]) => [
  ...stuck.flatMap(({ name, error }) => describeStuck(name, error)),
  `the deploy failed because: ${messageOf(failure)}`,
  ...(failure instanceof DeployError ? failure.details : []),
];

const tooLong = (ms: number) =>
  new DeployError('RESTORE_FAILED', `the restore did not end within ${ms / 1000} s`, {
    hint: 'find what it waits for, then `waggle deploy --on-interrupted=rollback`; a longer DEPLOY_TIMEOUT gives it more time',
  });

/** What it was, what was seen and what to do about it: of several, each has its own. */
function describeStuck(name: string, error: unknown): readonly string[] {
  const [first = '', ...rest] = error instanceof DeployError ? describeFailure(error) : [messageOf(error)];
  return [`${name}: ${first}`, ...rest];
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
