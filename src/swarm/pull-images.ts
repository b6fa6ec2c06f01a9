import { setTimeout as sleep } from 'node:timers/promises';
import pRetry from 'p-retry';
import type { Pull } from '../plan/placement/plan-pulls.ts';
import { DeployError, type FailureDetails } from '../shared/errors.ts';
import type { Log } from '../shared/log.ts';
import type { Swarm, SwarmTask } from '../shared/swarm.ts';
import { runErrand } from './errand.ts';

export interface Pulling {
  readonly swarm: Swarm;
  /** The stack that the pulls are services of. */
  readonly stack: string;
  readonly pulls: readonly Pull[];
  readonly nameOf: (nodeId: string) => string;
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
  readonly log: Log;
}

/** A node could not pull, and Swarm does not say why: a registry that hung up would serve it the next time. */
class PullRejected extends DeployError {
  constructor(message: string, details: FailureDetails) {
    super('DEPLOY_FAILED', message, details);
    this.name = 'PullRejected';
  }
}

const RETRIES = 2;
const POLL_MS = 300;
/** A task that was rejected has no image; one that failed had it, and then nothing to run. */
const OVER: readonly string[] = ['complete', 'failed', 'rejected', 'orphaned'];

/** Makes the nodes pull, and waits for all of them. Leaves nothing behind. */
export async function pullImages(pulling: Pulling): Promise<void> {
  const { swarm, stack, pulls, signal, log } = pulling;
  const specs = pulls.map(({ spec }) => spec);
  await pRetry(() => runErrand(swarm, stack, specs, () => awaitPulls(pulling)), {
    retries: RETRIES,
    signal,
    shouldRetry: ({ error }) => error instanceof PullRejected,
    onFailedAttempt: ({ error, retriesLeft }) => {
      if (error instanceof PullRejected && retriesLeft > 0) log.warn(`${error.message}: once more`);
    },
  });
}

async function awaitPulls({ swarm, stack, pulls, nameOf, signal, timeoutMs }: Pulling): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const [services, tasks] = await Promise.all([swarm.readServices(stack), swarm.readTasks(stack)]);
    const idOf = (name: string) => services.find((service) => service.name === name)?.id;
    const open = pulls.flatMap((pull) => {
      const own = tasks.filter(({ serviceId }) => serviceId === idOf(pull.spec.Name));
      return judgePull(pull, own, nameOf);
    });
    if (open.length === 0) return;
    if (performance.now() > deadline)
      throw new DeployError('DEPLOY_FAILED', `not every node has its images after ${timeoutMs / 1000} s`, {
        details: open,
        hint: 'nothing was changed; look at the network between the nodes and the registry',
      });
    await sleep(POLL_MS, undefined, { signal });
  }
}

/** What is still waited for, a line each; throws for a node that could not pull. */
function judgePull(
  { image, nodes }: Pull,
  tasks: readonly SwarmTask[],
  nameOf: (nodeId: string) => string,
): readonly string[] {
  const rejected = tasks.filter(({ state }) => state === 'rejected');
  if (rejected.length > 0)
    throw new PullRejected(`${image} cannot be pulled`, {
      details: rejected.map(({ nodeId, error }) => `${nameOf(nodeId)}: ${error}`),
      hint: 'nothing was changed; check that every node reaches the registry, and that the login may pull',
    });
  const done = new Set(tasks.filter(({ state }) => OVER.includes(state)).map(({ nodeId }) => nodeId));
  return nodes.filter((id) => !done.has(id)).map((id) => `${nameOf(id)}: ${image}`);
}
