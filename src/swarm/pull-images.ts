import { setTimeout as sleep } from 'node:timers/promises';
import pRetry from 'p-retry';
import type { Pull } from '../plan/placement/plan-pulls.ts';
import { DeployError, type FailureDetails } from '../shared/errors.ts';
import type { Log } from '../shared/log.ts';
import type { Swarm, SwarmNode, SwarmTask } from '../shared/swarm.ts';
import { runOneShotServices } from './one-shot-services.ts';

export interface PullOptions {
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

/** Makes the nodes pull, and waits for all that stay up. Leaves nothing behind. */
export async function pullImages(pulling: PullOptions): Promise<void> {
  const { signal, log, timeoutMs } = pulling;
  const deadline = performance.now() + timeoutMs;
  await pRetry(() => pullUntilDone(pulling, deadline), {
    retries: RETRIES,
    signal,
    shouldRetry: ({ error }) => error instanceof PullRejected,
    onFailedAttempt: ({ error, retriesLeft }) => {
      if (error instanceof PullRejected && retriesLeft > 0) log.warn(`${error.message}: retrying`);
    },
  });
}

/** Swarm runs a task that it stopped on a lost node only for a new service. */
async function pullUntilDone(pulling: PullOptions, deadline: number): Promise<void> {
  const { swarm, stack, pulls, log } = pulling;
  const specs = pulls.map(({ spec }) => spec);
  for (;;) {
    const stopped = await runOneShotServices(swarm, stack, specs, () => awaitPulls(pulling, deadline));
    if (stopped.length === 0) return;
    log.info(`Swarm stopped the pull on ${stopped.join(', ')}: pulling again`);
  }
}

/** Returns the names of the nodes that are up and whose pull was stopped: they were gone for a while. */
async function awaitPulls(pulling: PullOptions, deadline: number): Promise<readonly string[]> {
  const { swarm, stack, pulls, nameOf, signal, timeoutMs, log } = pulling;
  for (;;) {
    const [services, tasks, nodes] = await Promise.all([
      swarm.readServices(stack),
      swarm.readTasks(stack),
      swarm.readNodes(),
    ]);
    const idOf = (name: string) => services.find((service) => service.name === name)?.id;
    const states = pulls.map((pull) => {
      const own = tasks.filter(({ serviceId }) => serviceId === idOf(pull.spec.Name));
      return { ...judgePull(pull, own, nodes, nameOf), image: pull.image };
    });
    const waiting = states.flatMap(({ image, open }) => open.map((id) => `${nameOf(id)}: ${image}`));
    const stopped = [...new Set(states.flatMap((state) => state.stopped))].map(nameOf);
    if (waiting.length === 0 && stopped.length === 0) {
      for (const { image, away } of states)
        for (const id of away) log.warn(`${nameOf(id)} is away: ${image} is not pulled there`);
      return [];
    }
    if (performance.now() > deadline)
      throw new DeployError('DEPLOY_FAILED', `not every node has its images after ${timeoutMs / 1000} s`, {
        details: [...waiting, ...stopped],
        hint: 'nothing was changed; look at the network between the nodes and the registry',
      });
    if (waiting.length === 0) return stopped;
    await sleep(POLL_MS, undefined, { signal });
  }
}

/** Ids of nodes, by the state of their pull. */
interface PullState {
  readonly open: readonly string[];
  /** Their task was stopped, and they are up. */
  readonly stopped: readonly string[];
  /** Down, drained or removed: nothing is waited for there. */
  readonly away: readonly string[];
}

/** Throws for a node that could not pull. While no node has the image, it is waited for on those that are away, too. */
export function judgePull(
  { image, nodes: wanted }: Pull,
  tasks: readonly SwarmTask[],
  nodes: readonly SwarmNode[],
  nameOf: (nodeId: string) => string,
): PullState {
  const rejected = tasks.filter(({ state }) => state === 'rejected');
  if (rejected.length > 0)
    throw new PullRejected(`${image} cannot be pulled`, {
      details: rejected.map(({ nodeId, error }) => `${nameOf(nodeId)}: ${error}`),
      hint: 'nothing was changed; check that every node reaches the registry, and that the login may pull',
    });
  const done = new Set(tasks.filter(({ state }) => OVER.includes(state)).map(({ nodeId }) => nodeId));
  const left = wanted.filter((id) => !done.has(id));
  const away = left.filter((id) => isAway(nodes.find((node) => node.id === id)));
  const up = left.filter((id) => !away.includes(id));
  const stopped = up.filter((id) => isStopped(tasks.filter(({ nodeId }) => nodeId === id)));
  const open = up.filter((id) => !stopped.includes(id));
  return done.size + up.length === 0 ? { open: away, stopped, away: [] } : { open, stopped, away };
}

/** A new leader calls every node `unknown` until it reports. */
function isAway(node: SwarmNode | undefined): boolean {
  return node?.availability !== 'active' || ['down', 'disconnected'].includes(node.state);
}

const isStopped = (tasks: readonly SwarmTask[]) =>
  tasks.length > 0 && tasks.every(({ desiredState }) => ['shutdown', 'remove'].includes(desiredState));
