import { DeployError } from '../shared/errors.ts';
import type { SwarmService } from '../shared/swarm.ts';
import { watchStack } from '../swarm/await-stack.ts';
import { explainFailure } from '../swarm/explain-failure.ts';
import { requireRecoverable } from '../swarm/judge-stack.ts';
import type { PollResult } from '../swarm/poll-result.ts';
import type { Converged, Goal } from './converged.ts';
import type { Deployment } from './step.ts';
import { waitLimits } from './wait-limits.ts';

export interface Rollout {
  /** Of the services that are waited for, in the cluster. */
  readonly names: readonly string[];
  /** The specs that were sent; undefined: an earlier step has reported it. */
  readonly deployed?: readonly SwarmService[];
}

/** Waits for services that were deployed; throws NOT_CONVERGED, with the diagnosis, when they do not get there. */
export async function awaitRollout(
  deployment: Deployment,
  { names, deployed = deployment.outputs.deployed, ...first }: Rollout & Goal,
): Promise<Converged> {
  const { release, tools, outputs } = deployment;
  const { stack, settings } = release;
  const { known, began } = outputs;
  const isPart = (name: string) => names.includes(name);
  const watch = watchStack({ ...tools, ...waitLimits(settings), stack, isPart, known });
  const until = ({ areGood, signal = tools.signal, ...goal }: Goal) => {
    const isDone = (looks: readonly PollResult[]) => {
      requireRecoverable(looks, 'NOT_CONVERGED');
      requireThere(names, looks);
      return areGood(looks);
    };
    return watch({ ...waitLimits(settings), began, ...goal, signal, isDone }).catch(async (error) => {
      throw await explained(error, deployment, deployed);
    });
  };
  return { looks: await until(first), until };
}

function requireThere(names: readonly string[], looks: readonly PollResult[]): void {
  const gone = names.filter((name) => !looks.some(({ service }) => service.name === name));
  if (gone.length === 0) return;
  throw new DeployError('NOT_CONVERGED', `${gone.join(', ')} is gone while it was waited for`, {
    hint: 'somebody else removed it: deploy again when nobody else changes the stack',
  });
}

/** Adds what the tasks and their logs say, before the restore replaces them. */
async function explained(
  error: unknown,
  { release, tools, outputs }: Deployment,
  deployed?: readonly SwarmService[],
): Promise<unknown> {
  if (!(error instanceof DeployError) || error.code !== 'NOT_CONVERGED') return error;
  tools.log.info(`${error.message}: asking the tasks why`);
  const { before = { services: [], templates: [], taskIds: new Set<string>() } } = outputs;
  const { stack, templates: now } = release;
  const templates = { before: [...before.templates, ...now], now };
  const seen = await explainFailure({ ...tools, stack, templates, before, deployed });
  const hint = error.hint ?? 'correct the cause above and deploy again';
  return new DeployError(error.code, error.message, {
    hint,
    details: [...error.details, ...seen],
    cause: error,
  });
}
