import { hasFailed } from '../plan/status/has-failed.ts';
import { DeployError } from '../shared/errors.ts';
import type { Log } from '../shared/log.ts';
import type { ServiceSpec } from '../shared/service-spec.ts';
import type { Swarm } from '../shared/swarm.ts';
import { awaitStack } from './await-stack.ts';
import { explainFailure } from './explain-failure.ts';
import { removeOneShotServices, runOneShotServices } from './one-shot-services.ts';
import { overrunning } from './overrunning.ts';
import type { PollResult } from './poll-result.ts';
import type { Nodes } from './read-endings.ts';

export interface InnerCheckContext extends Nodes {
  readonly swarm: Swarm;
  /** The stack that the checks are jobs of. */
  readonly stack: string;
  readonly checks: readonly ServiceSpec[];
  readonly log: Log;
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
  readonly progressMs: number;
  /** The longest time that a check may run. */
  readonly runMs: number;
}

/** A shell's words for a program that is not there, or that cannot be run. */
const NOT_RUN: readonly (number | undefined)[] = [undefined, 0, 126, 127];

/**
 * Runs every check in a task of its own. Throws UNHEALTHY when one ends with an error as often as it is tried, or does
 * not end; HEALTH_UNKNOWN when one could not be run at all.
 */
export async function checkInside(checking: InnerCheckContext): Promise<void> {
  const { swarm, stack, checks } = checking;
  await removeOneShotServices(swarm, stack);
  await runOneShotServices(swarm, stack, checks, async () => {
    const failed = (await awaitChecks(checking)).filter(({ verdict }) => verdict.kind === 'failed');
    if (failed.length === 0) return;
    const before = { services: [], taskIds: new Set<string>() };
    const details = await explainFailure({ ...checking, before });
    if (failed.every(couldNotRun)) throw unknown(details);
    throw unhealthy('failed', details);
  });
}

/** Gives the last look at them, when each is over. */
async function awaitChecks({
  runMs,
  progressMs,
  timeoutMs,
  ...wait
}: InnerCheckContext): Promise<readonly PollResult[]> {
  const findOverrunning = overrunning(runMs);
  const isDone = (looks: readonly PollResult[]) => {
    const hung = findOverrunning(looks);
    if (hung.length > 0)
      throw unhealthy(
        `did not end within ${runMs / 1000} s`,
        hung.map(({ service }) => `${service.name}: it still runs`),
      );
    return looks.every(({ verdict: { kind } }) => kind === 'converged' || kind === 'failed');
  };
  // Nothing changes of a check while it runs, and what begins in time may run.
  const patience = { progressMs: Math.max(progressMs, runMs), timeoutMs: timeoutMs + runMs };
  return awaitStack({ ...wait, ...patience, isDone }).catch((error: DeployError) => {
    throw error.code === 'NOT_CONVERGED' ? unknown(error.details) : error;
  });
}

function couldNotRun({ tasks }: PollResult): boolean {
  return tasks.filter(hasFailed).every(({ exitCode }) => NOT_RUN.includes(exitCode));
}

function unhealthy(what: string, details: readonly string[]): DeployError {
  return new DeployError('UNHEALTHY', `a check inside the cluster ${what}`, {
    details,
    hint: 'all tasks run, but the new version does not do what x-waggle.check asks of it',
  });
}

function unknown(details: readonly string[]): DeployError {
  return new DeployError('HEALTH_UNKNOWN', 'a check inside the cluster could not be run', {
    details,
    hint: 'x-waggle.check is run in a task of the service: it needs a program that its image has',
  });
}
