import { setTimeout as sleep } from 'node:timers/promises';
import pRetry from 'p-retry';
import { DeployError } from '../shared/errors.ts';
import type { Log } from '../shared/log.ts';
import type { Swarm, SwarmService, SwarmTask } from '../shared/swarm.ts';
import { judgeService, type Verdict } from './judge-service.ts';

export interface Look {
  readonly service: SwarmService;
  readonly verdict: Verdict;
}

export interface Wait {
  readonly swarm: Swarm;
  readonly stack: string;
  readonly log: Log;
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
  /** True once nothing more has to be waited for. Called with each look. */
  readonly isDone: (looks: readonly Look[]) => boolean;
}

const POLL_MS = 400;
/** A look that fails is repeated: a manager may lose its leader, or the connection may drop, for a moment. */
const LOOK_RETRIES = 4;
/** Docker's default for how long a new task is watched. */
const DEFAULT_MONITOR_MS = 5_000;

/** Looks at the whole stack, in two requests however many services it has, until `isDone` or the deadline. */
export async function awaitStack({
  swarm,
  stack,
  log,
  signal,
  timeoutMs,
  isDone,
}: Wait): Promise<readonly Look[]> {
  const deadline = performance.now() + timeoutMs;
  let said = '';
  for (;;) {
    const looks = await pRetry(() => lookAtStack(swarm, stack), {
      retries: LOOK_RETRIES,
      minTimeout: 200,
      signal,
    });
    const summary = describeLooks(looks);
    if (summary !== said) log.info(summary);
    said = summary;
    if (isDone(looks)) return looks;
    if (performance.now() > deadline) throw notInTime(timeoutMs, looks);
    await sleep(POLL_MS, undefined, { signal });
  }
}

async function lookAtStack(swarm: Swarm, stack: string): Promise<readonly Look[]> {
  // Services first: tasks read later cannot be older than the spec they are judged by.
  const services = await swarm.readServices(stack);
  const tasks = await swarm.readTasks(stack, 'current');
  return services.map((service) => ({ service, verdict: judgeService(service, tasksOf(service, tasks)) }));
}

function tasksOf({ id }: SwarmService, tasks: readonly SwarmTask[]): readonly SwarmTask[] {
  return tasks.filter(({ serviceId }) => serviceId === id);
}

/**
 * An `isDone` that asks each service to be good and to stay so for its own monitor time, unless Swarm has itself
 * watched it to the end. One good look is not enough: an update that was just replaced by another may still stop
 * a task, and a new service has no update status to tell by.
 */
export function staying(
  isGood: (look: Look) => boolean,
  now: () => number = () => performance.now(),
): (looks: readonly Look[]) => boolean {
  const since = new Map<string, number>();
  const hasStayed = (look: Look) => {
    const { id } = look.service;
    if (!isGood(look)) since.delete(id);
    else if (!since.has(id)) since.set(id, now());
    return now() - (since.get(id) ?? Number.POSITIVE_INFINITY) >= monitorMs(look.service);
  };
  return (looks) => looks.map(hasStayed).every(Boolean);
}

function monitorMs({ spec, update }: SwarmService): number {
  if (update?.state === 'completed') return 0;
  const nanoseconds = spec.UpdateConfig?.Monitor;
  return nanoseconds ? nanoseconds / 1e6 : DEFAULT_MONITOR_MS;
}

function describeLooks(looks: readonly Look[]): string {
  return looks
    .map(({ service, verdict }) => `${service.name} ${describeVerdict(verdict)}`)
    .sort()
    .join(', ');
}

function describeVerdict(verdict: Verdict): string {
  return verdict.kind === 'waiting' ? `${verdict.running}/${verdict.wanted}` : verdict.kind;
}

function notInTime(timeoutMs: number, looks: readonly Look[]): DeployError {
  const open = looks.filter(({ verdict }) => verdict.kind !== 'converged');
  return new DeployError('NOT_CONVERGED', `the stack did not converge within ${timeoutMs / 1000} s`, {
    details: open.map(({ service, verdict }) => `${service.name}: ${describeVerdict(verdict)}`),
    hint: 'raise DEPLOY_TIMEOUT if this stack needs longer',
  });
}
