import { hasFailed } from '../plan/status/has-failed.ts';
import { DeployError } from '../shared/errors.ts';
import { patiently } from '../shared/patiently.ts';
import type { Tools } from '../shared/tools.ts';
import { awaitStack } from '../swarm/await-stack.ts';
import { explainFailure } from '../swarm/explain-failure.ts';
import { isBack, isSameSet, requireHope } from '../swarm/judge-stack.ts';
import type { Look } from '../swarm/look.ts';
import type { Snapshot } from '../swarm/plan-restore.ts';
import { staying } from '../swarm/staying.ts';
import { patienceOf } from './patience.ts';
import type { Restoring } from './step.ts';

/** By a service's name. */
export type IsPart = (name: string) => boolean;

export interface Waiting {
  readonly isPart: IsPart;
  readonly isLast: boolean;
  /** When Swarm stops the way back of a service, or turns it round, what is thrown otherwise is said by `false`. */
  readonly mayStop?: boolean;
}

/** Waits until services run again as they did; throws, with the reasons, when they will not. */
export async function awaitBack(
  { release, tools }: Restoring,
  before: Snapshot,
  { isPart, isLast, mayStop = false }: Waiting,
): Promise<boolean> {
  const { stack, settings } = release;
  const wanted = before.services.map(({ name }) => name).filter(isPart);
  const isGood = (look: Look) => isBack(look, before);
  const backState = (look: Look) => (isGood(look) ? 'back' : undefined);
  // What the next group waits for need not have stayed so: the last wait, for all, sees to that.
  const areBack = isLast ? staying(backState) : (looks: readonly Look[]) => looks.every(isGood);
  let hasStopped = false;
  const isDone = (looks: readonly Look[]) => {
    // Somebody made or removed one meanwhile: waiting does not help, putting back once more does.
    if (!isSameSet(looks, wanted)) return true;
    const others = looks.filter((look) => !isGood(look));
    if (mayStop && others.some(isStopped)) {
      hasStopped = true;
      return true;
    }
    requireHope(others, 'RESTORE_FAILED');
    return areBack(looks);
  };
  const known = await findEnded(tools, stack);
  const wait = { ...tools, ...patienceOf(settings), stack, isPart, isDone, known, spec: 'before' } as const;
  await awaitStack(wait).catch(async (error) => {
    throw await explained(error, tools, stack, known);
  });
  return !hasStopped;
}

const isStopped = ({ verdict: { kind } }: Look) => ['paused', 'rolled-back'].includes(kind);

/** Ids of tasks that are over: what was put back is judged by what it does from now on. */
async function findEnded({ swarm, signal }: Tools, stack: string): Promise<ReadonlySet<string>> {
  const tasks = await patiently(() => swarm.readTasks(stack, 'current'), {
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
  const hint = 'bring back what is missing, then `waggle deploy --on-interrupted=rollback`';
  return new DeployError('RESTORE_FAILED', error.message, { details, hint, cause: error });
}
