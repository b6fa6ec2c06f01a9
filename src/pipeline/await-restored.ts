import { hasFailed } from '../plan/status/has-failed.ts';
import { DeployError } from '../shared/errors.ts';
import { retryForMinute } from '../shared/retry-for-minute.ts';
import type { Tools } from '../shared/tools.ts';
import { awaitStack } from '../swarm/await-stack.ts';
import { explainFailure } from '../swarm/explain-failure.ts';
import { isBack, isSameSet, requireRecoverable } from '../swarm/judge-stack.ts';
import type { Snapshot } from '../swarm/plan-restore.ts';
import type { PollResult } from '../swarm/poll-result.ts';
import { stayStable } from '../swarm/stay-stable.ts';
import type { RestoreContext } from './step.ts';
import { waitLimits } from './wait-limits.ts';

/** By a service's name. */
export type IsIncluded = (name: string) => boolean;

export interface AwaitRestoredOptions {
  readonly isPart: IsIncluded;
  readonly isLast: boolean;
  /** Returns false instead of throwing if Swarm stops or rolls back the restore of a service. */
  readonly mayStop?: boolean;
}

/** Waits until services run again as they did; throws, with the reasons, when they will not. */
export async function awaitRestored(
  { release, tools }: RestoreContext,
  before: Snapshot,
  { isPart, isLast, mayStop = false }: AwaitRestoredOptions,
): Promise<boolean> {
  const { stack, settings } = release;
  const wanted = before.services.map(({ name }) => name).filter(isPart);
  const isGood = (look: PollResult) => isBack(look, before);
  const backState = (look: PollResult) => (isGood(look) ? 'back' : undefined);
  // What the next group waits for need not have stayed so: the last wait, for all, sees to that.
  const areBack = isLast ? stayStable(backState) : (looks: readonly PollResult[]) => looks.every(isGood);
  let hasStopped = false;
  const isDone = (looks: readonly PollResult[]) => {
    // Somebody created or removed a service meanwhile: another restore helps, waiting does not.
    if (!isSameSet(looks, wanted)) return true;
    const others = looks.filter((look) => !isGood(look));
    if (mayStop && others.some(isStopped)) {
      hasStopped = true;
      return true;
    }
    requireRecoverable(others, 'RESTORE_FAILED');
    return areBack(looks);
  };
  const known = await findEnded(tools, stack);
  const wait = { ...tools, ...waitLimits(settings), stack, isPart, isDone, known, spec: 'before' } as const;
  await awaitStack(wait).catch(async (error) => {
    throw await explained(error, tools, stack, known);
  });
  return !hasStopped;
}

const isStopped = ({ verdict: { kind } }: PollResult) => ['paused', 'rolled-back'].includes(kind);

/** Ids of ended tasks: restored services are judged by their later tasks. */
async function findEnded({ swarm, signal }: Tools, stack: string): Promise<ReadonlySet<string>> {
  const tasks = await retryForMinute(() => swarm.readTasks(stack, 'current'), {
    onFirstFailure: () => {},
    signal,
  });
  return new Set(tasks.filter((task) => hasFailed(task) || task.state === 'complete').map(({ id }) => id));
}

/** Adds what its tasks say. The specs are those that ran before, so nothing differs from them. */
async function explained(
  error: unknown,
  tools: Tools,
  stack: string,
  taskIds: ReadonlySet<string>,
): Promise<unknown> {
  if (!(error instanceof DeployError)) return error;
  const seen = await explainFailure({ ...tools, stack, before: { services: [], taskIds } });
  const details = [...error.details, ...seen];
  const hint = 'provide what is missing, then run `waggle deploy --on-interrupted=rollback`';
  return new DeployError('RESTORE_FAILED', error.message, { details, hint, cause: error });
}
