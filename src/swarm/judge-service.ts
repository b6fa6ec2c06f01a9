import type { SwarmService, SwarmTask } from '../shared/swarm.ts';

/** What one look at a service says about the rollout of its current spec. */
export type Verdict =
  | { readonly kind: 'converged' }
  | { readonly kind: 'waiting'; readonly running: number; readonly wanted: number }
  | { readonly kind: 'rolled-back' | 'paused' | 'crash-loop'; readonly reason: string };

/** A task that failed this often in one slot, with the same spec, will not come up. */
const CRASH_LIMIT = 3;

/**
 * `tasks` are this service's tasks of its current spec only: those of the old one still run while the update
 * begins, and counting them calls a rollout done before it has started (see DEPLOYING.md#convergence).
 */
export function judgeService(service: SwarmService, tasks: readonly SwarmTask[]): Verdict {
  const { state = '', message: reason = '' } = service.update ?? {};
  if (state.startsWith('rollback')) return { kind: 'rolled-back', reason };
  if (state === 'paused') return { kind: 'paused', reason };
  const running = tasks.filter((task) => task.state === 'running' && task.desiredState === 'running').length;
  // No status: Swarm found no task to replace, or has not begun; then no task of this spec runs yet.
  const settled = state === '' || state === 'completed';
  if (settled && running >= service.wanted) return { kind: 'converged' };
  const crashed = findCrashLoop(tasks);
  if (crashed) return { kind: 'crash-loop', reason: `failed ${CRASH_LIMIT} times: ${describeTask(crashed)}` };
  return { kind: 'waiting', running, wanted: service.wanted };
}

function findCrashLoop(tasks: readonly SwarmTask[]): SwarmTask | undefined {
  const failed = tasks.filter(hasFailed);
  return failed.find(
    (task) => failed.filter((other) => placeOf(other) === placeOf(task)).length >= CRASH_LIMIT,
  );
}

/** Where a task's successor would run: its slot, or its node for a global service. */
const placeOf = ({ slot, nodeId }: SwarmTask) => (slot > 0 ? `slot ${slot}` : nodeId);

export function hasFailed({ state }: SwarmTask): boolean {
  return state === 'failed' || state === 'rejected';
}

/** One task's fate in Swarm's own words. */
export function describeTask({ error, message, state, exitCode }: SwarmTask): string {
  const code = exitCode ? ` (exit code ${exitCode})` : '';
  return `${error || message || state}${error.includes('exit') ? '' : code}`;
}
