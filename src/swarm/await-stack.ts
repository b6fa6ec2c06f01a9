import { setTimeout as sleep } from 'node:timers/promises';
import { DeployError } from '../shared/errors.ts';
import type { Log, TaskEvent } from '../shared/log.ts';
import { retryForMinute } from '../shared/retry-for-minute.ts';
import type { Swarm, SwarmNode } from '../shared/swarm.ts';
import { TimeLimit } from '../shared/time-limit.ts';
import { endedTaskMemory } from './ended-task-memory.ts';
import { isHeldByDeadNodes } from './judge-held.ts';
import { judgeService, type Verdict } from './judge-service.ts';
import type { PollResult } from './poll-result.ts';
import { stallDetector } from './progress.ts';
import { taskReporter } from './task-reporter.ts';

export interface WatchOptions {
  readonly swarm: Swarm;
  readonly stack: string;
  /** By a service's name; other services are not polled. */
  readonly isPart?: ((name: string) => boolean) | undefined;
  readonly log: Log;
  /** Ids of tasks that were there before the first change: see judge-service.ts. */
  readonly known?: ReadonlySet<string> | undefined;
  /** What is waited for: the release, which is what is meant by itself, or what ran before. */
  readonly spec?: TaskEvent['spec'];
  /** For a service without a change. */
  readonly progressMs: number;
}

export interface WaitCondition {
  readonly signal: AbortSignal;
  /** For all of it, which began at `began` of performance.now(); undefined: now. */
  readonly timeoutMs: number;
  readonly began?: number | undefined;
  /** Called with each look, before it is judged. */
  readonly onLook?: ((looks: readonly PollResult[]) => Promise<void>) | undefined;
  /** True once nothing more has to be waited for. Called with each look. */
  readonly isDone: (looks: readonly PollResult[]) => boolean;
}

export type WaitOptions = WatchOptions & WaitCondition;

/** Returns the look that was the last one. */
export type Watch = (until: WaitCondition) => Promise<readonly PollResult[]>;

/** So soon is it looked again: what the cluster says is to be known within 300 ms. */
const POLL_MS = 100;
/** A look that is begun right before the deadline may take so long. */
const LAST_LOOK_MS = 5_000;

/** Looks at the whole stack, in two requests however many services it has, until `isDone` or the deadline. */
export const awaitStack = (wait: WaitOptions): Promise<readonly PollResult[]> => watchStack(wait)(wait);

/** The watch can continue later: it remembers what it has seen and logged. */
export function watchStack({
  swarm,
  stack,
  isPart = () => true,
  log,
  progressMs,
  known,
  spec = 'new',
}: WatchOptions): Watch {
  const findStalled = stallDetector(progressMs);
  const onFirstFailure = () => log.warn('the manager does not answer: it is asked again');
  const said = new Map<string, string>();
  const remember = endedTaskMemory();
  const tellTasks = taskReporter({ log, spec, known });
  let seen: readonly PollResult[] = [];
  return async ({ signal, timeoutMs, began = performance.now(), onLook, isDone }) => {
    const deadline = began + timeoutMs;
    const [late, stuck] = [
      `the stack did not converge within ${timeoutMs / 1000} s`,
      `there is no progress for ${progressMs / 1000} s`,
    ];
    for (let isFirst = true; ; isFirst = false) {
      const start = performance.now();
      const look = () => pollStack(swarm, stack, { isPart, known, isFirst, remember });
      using limit = new TimeLimit(Math.max(Math.min(deadline - start, progressMs), LAST_LOOK_MS), signal);
      const { looks, nodes } = await retryForMinute(look, { onFirstFailure, signal: limit.signal }).catch(
        (error) => {
          if (!limit.isOver) throw error;
          const isLate = deadline - start <= progressMs;
          const what = `${isLate ? late : stuck}: the manager does not answer`;
          throw notConverged(what, seen, isLate ? 'DEPLOY_TIMEOUT' : 'PROGRESS_DEADLINE');
        },
      );
      seen = looks;
      tellTasks(looks, nodes);
      for (const one of looks) sayNews(one, said, log);
      await onLook?.(looks);
      if (isDone(looks)) return looks;
      const stalled = findStalled(looks);
      if (stalled.length > 0) throw notConverged(stuck, stalled, 'PROGRESS_DEADLINE');
      if (performance.now() > deadline) throw notConverged(late, looks, 'DEPLOY_TIMEOUT');
      // A look at a large stack takes longer, and the manager has other work, too.
      await sleep(Math.max(POLL_MS, performance.now() - start), undefined, { signal });
    }
  };
}

interface PollOptions {
  readonly isPart: (name: string) => boolean;
  readonly known: ReadonlySet<string> | undefined;
  /** The nodes are read, too. */
  readonly isFirst: boolean;
  readonly remember: ReturnType<typeof endedTaskMemory>;
}

async function pollStack(
  swarm: Swarm,
  stack: string,
  { isPart, known, isFirst, remember }: PollOptions,
): Promise<{ readonly looks: readonly PollResult[]; readonly nodes: readonly SwarmNode[] }> {
  // Services first: tasks read later cannot be older than the spec they are judged by.
  const services = (await swarm.readServices(stack)).filter(({ name }) => isPart(name));
  const isUpdating = services.some(({ update }) => update?.state === 'updating');
  const [tasks, nodes] = await Promise.all([
    swarm.readTasks(stack, 'current'),
    isUpdating || isFirst ? swarm.readNodes() : [],
  ]);
  // The tasks of every spec are many: they are of use only where a node is down.
  const all = nodes.some(({ state }) => state === 'down') ? await swarm.readTasks(stack) : [];
  const current = new Set(tasks.map(({ id }) => id));
  const looks = services.map((service) => {
    const listed = tasks.filter(({ serviceId }) => serviceId === service.id);
    const own = remember(service, listed);
    const isHeld = isHeldByDeadNodes(service, current, all, nodes);
    return { service, tasks: own, verdict: judgeService(service, own, { isHeld, known }) };
  });
  return { looks, nodes };
}

/** `said`: the last line that was logged for each service. */
function sayNews(
  { service: { name, wanted }, verdict }: PollResult,
  said: Map<string, string>,
  log: Log,
): void {
  const news = `${name} ${describeVerdict(verdict)}`;
  if (said.get(name) === news) return;
  said.set(name, news);
  const isGood = verdict.kind === 'converged';
  const of = 'wanted' in verdict ? verdict.wanted : wanted;
  const done = 'running' in verdict ? verdict.running : isGood ? of : 0;
  log.info({ part: name, done, of, note: isGood ? 'converged' : verdict.reason }, news);
}

function describeVerdict(verdict: Verdict): string {
  return verdict.kind === 'waiting' ? `${verdict.running}/${verdict.wanted}` : verdict.kind;
}

function notConverged(what: string, looks: readonly PollResult[], setting: string): DeployError {
  const open = looks.filter(({ verdict }) => verdict.kind !== 'converged');
  return new DeployError('NOT_CONVERGED', what, {
    details: open.map(({ service, verdict }) => {
      const why = 'reason' in verdict && verdict.reason ? `: ${verdict.reason}` : '';
      return `${service.name}: ${describeVerdict(verdict)}${why}`;
    }),
    hint: `raise ${setting} if this stack needs longer`,
  });
}
