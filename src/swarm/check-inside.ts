import { DeployError } from '../shared/errors.ts';
import type { Log } from '../shared/log.ts';
import type { Mask } from '../shared/mask.ts';
import type { ServiceSpec } from '../shared/service-spec.ts';
import type { Swarm } from '../shared/swarm.ts';
import { awaitStack } from './await-stack.ts';
import { removeErrand, runErrand } from './errand.ts';
import { explainFailure } from './explain-failure.ts';
import { hasFailed } from './judge-service.ts';
import type { Look } from './look.ts';

export interface Checking {
  readonly swarm: Swarm;
  /** The stack that the checks are jobs of. */
  readonly stack: string;
  readonly checks: readonly ServiceSpec[];
  readonly log: Log;
  readonly mask: Mask;
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
  readonly progressMs: number;
}

/** A shell's words for a program that is not there, or that cannot be run. */
const NOT_RUN: readonly (number | undefined)[] = [undefined, 0, 126, 127];

/**
 * Runs every check in a task of its own. Throws UNHEALTHY when one ends with an error as often as it is tried,
 * HEALTH_UNKNOWN when one could not be run at all.
 */
export async function checkInside({ swarm, stack, checks, mask, ...wait }: Checking): Promise<void> {
  const isOver = ({ verdict: { kind } }: Look) => kind === 'converged' || kind === 'failed';
  const isDone = (looks: readonly Look[]) => looks.every(isOver);
  await removeErrand(swarm, stack);
  await runErrand(swarm, stack, checks, async () => {
    const looks = await awaitStack({ ...wait, swarm, stack, isDone }).catch((error: DeployError) => {
      if (error.code !== 'NOT_CONVERGED') throw error;
      throw unknown(error.details);
    });
    const failed = looks.filter(({ verdict }) => verdict.kind === 'failed');
    if (failed.length === 0) return;
    const before = { services: [], taskIds: new Set<string>() };
    const details = await explainFailure({ swarm, stack, before, mask });
    if (failed.every(couldNotRun)) throw unknown(details);
    throw new DeployError('UNHEALTHY', 'a check inside the cluster failed', {
      details,
      hint: 'all tasks run, but the new version does not do what x-waggle.check asks of it',
    });
  });
}

function couldNotRun({ tasks }: Look): boolean {
  return tasks.filter(hasFailed).every(({ exitCode }) => NOT_RUN.includes(exitCode));
}

function unknown(details: readonly string[]): DeployError {
  return new DeployError('HEALTH_UNKNOWN', 'a check inside the cluster could not be run', {
    details,
    hint: 'x-waggle.check is run in a task of the service: it needs a program that its image has',
  });
}
