import type { SwarmService } from '../shared/swarm.ts';
import { isJob } from './judge-service.ts';
import type { PollResult } from './poll-result.ts';

/** Docker's default for how long a new task is watched. */
const DEFAULT_MONITOR_MS = 5_000;

/**
 * An `isDone` that asks each service to be good and to stay so for its own monitor time, unless Swarm has itself
 * watched it to the end, all its tasks are `known` from before, or it is a job: what has ended stays so. One good look
 * is not enough: an update that was just replaced by another may still stop a task, a new service has no update status
 * to tell by, and one for every node has no tasks at first to be counted by. `goodState` says in which state a service
 * is that is good, which must stay the same one, and undefined of the others.
 */
export function stayStable(
  goodState: (look: PollResult) => string | undefined,
  known: ReadonlySet<string> = new Set(),
  now: () => number = () => performance.now(),
): (looks: readonly PollResult[]) => boolean {
  const seen = new Map<string, { readonly state: string | undefined; readonly since: number }>();
  const hasStayed = (look: PollResult) => {
    const { id } = look.service;
    const state = goodState(look);
    const last = seen.get(id);
    const since = last && last.state === state ? last.since : now();
    seen.set(id, { state, since });
    return state !== undefined && now() - since >= monitorMs(look, known);
  };
  return (looks) => looks.map(hasStayed).every(Boolean);
}

/** For `staying`: converged, by these tasks. One that has ended, and was begun again between two looks, is another. */
export function convergedState({ verdict, tasks }: PollResult): string | undefined {
  if (verdict.kind !== 'converged') return undefined;
  const running = tasks.filter(({ state }) => state === 'running').map(({ id }) => id);
  return running.sort().join(' ');
}

function monitorMs({ service, tasks }: PollResult, known: ReadonlySet<string>): number {
  const { Mode, UpdateConfig } = service.spec;
  const isEmpty = Mode?.Replicated?.Replicas === 0;
  const isOld = (isEmpty || tasks.length > 0) && tasks.every(({ id }) => known.has(id));
  if (hasSwarmWatched(service) || isOld || isJob(service.spec)) return 0;
  const nanoseconds = UpdateConfig?.Monitor;
  return nanoseconds ? nanoseconds / 1e6 : DEFAULT_MONITOR_MS;
}

/** An update with `failure_action: continue` completes unwatched; one with a ratio can complete with failures. */
function hasSwarmWatched({ spec: { UpdateConfig }, update }: SwarmService): boolean {
  const { FailureAction, MaxFailureRatio = 0 } = UpdateConfig ?? {};
  return update?.state === 'completed' && FailureAction !== 'continue' && MaxFailureRatio === 0;
}
