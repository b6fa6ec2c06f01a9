import type { ServiceSpec } from '../shared/service-spec.ts';
import type { SwarmService, SwarmTask } from '../shared/swarm.ts';

/** What one look at a service says about the rollout of its current spec. */
export type Verdict =
  | { readonly kind: 'converged' }
  | {
      readonly kind: 'waiting';
      readonly running: number;
      readonly wanted: number;
      /** What the task that is furthest behind says; '' when there is nothing to say. */
      readonly reason: string;
    }
  | { readonly kind: 'rolled-back' | 'paused' | 'failed'; readonly reason: string };

/** With nothing to say otherwise, a task that ended this often in one place, with the same spec, will not come up. */
const CRASH_LIMIT = 3;

/**
 * `tasks` are this service's tasks of its current spec only: those of the old one still run while the update
 * begins, and counting them calls a rollout done before it has started (see DEPLOYING.md#convergence).
 */
export function judgeService(
  service: SwarmService,
  tasks: readonly SwarmTask[],
  { isHeld = false, known = NONE }: Circumstances = {},
): Verdict {
  const { spec } = service;
  const wanted = countWanted(service, tasks);
  const { state = '', message: reason = '' } = service.update ?? {};
  if (state.startsWith('rollback')) return { kind: 'rolled-back', reason };
  const places = new Set(tasks.filter((task) => isGood(task, spec)).map((task) => placeOf(task, spec)));
  // No status: Swarm found no task to replace, or has not begun; then no task of this spec runs yet.
  const isSettled = ['', 'completed'].includes(state) || isHeld || (state === 'paused' && endsByItself(spec));
  if (isSettled && places.size >= wanted) return { kind: 'converged' };
  const lost = findLost(tasks, spec, known);
  if (lost) return { kind: 'failed', reason: describeLost(lost) };
  if (state === 'paused' && !endsByItself(spec)) return { kind: 'paused', reason };
  return { kind: 'waiting', running: places.size, wanted, reason: describeLag(tasks) };
}

export interface Circumstances {
  /** All that Swarm still waits for are old tasks on nodes that are down, which will not answer. */
  readonly isHeld?: boolean;
  /** Ids of tasks that were there before: what ended them then, a node that went away for one, may be over. */
  readonly known?: ReadonlySet<string> | undefined;
}

const NONE: ReadonlySet<string> = new Set();

/** It runs, or it has done what it was to do once. */
function isGood({ state, desiredState }: SwarmTask, spec: ServiceSpec): boolean {
  if (state === 'complete') return endsByItself(spec);
  return state === 'running' && desiredState === 'running' && !isJob(spec);
}

/** Jobs, and services whose tasks are not begun anew when they end well. Swarm pauses an update of those for ending. */
function endsByItself(spec: ServiceSpec): boolean {
  return isJob(spec) || ['none', 'on-failure'].includes(conditionOf(spec));
}

function isJob({ Mode }: ServiceSpec): boolean {
  return Mode?.ReplicatedJob !== undefined || Mode?.GlobalJob !== undefined;
}

/**
 * How many tasks a global service is to have is known from those it has: Swarm counts none while each waits to be begun
 * again, and mixes the runs of a job.
 */
function countWanted({ spec: { Mode }, wanted }: SwarmService, tasks: readonly SwarmTask[]): number {
  const nodesOf = (some: readonly SwarmTask[]) => new Set(some.map(({ nodeId }) => nodeId)).size;
  if (Mode?.GlobalJob) return Math.max(1, nodesOf(tasks));
  if (!Mode?.Global) return wanted;
  return Math.max(
    wanted,
    nodesOf(tasks.filter(({ desiredState }) => ['ready', 'running'].includes(desiredState))),
  );
}

const conditionOf = ({ TaskTemplate }: ServiceSpec) => TaskTemplate?.RestartPolicy?.Condition || 'any';

/**
 * An engine that was restarted gets tasks before it is back in the Swarm; a task that was stopped, and whose network
 * the engine has removed already, is reported as failed.
 */
const NODES_FAULT = /when swarm is not active|^error while removing network/;

/** All tasks of the first place in which Swarm will begin no other, or in which another would end as these did. */
function findLost(
  tasks: readonly SwarmTask[],
  spec: ServiceSpec,
  known: ReadonlySet<string>,
): readonly SwarmTask[] | undefined {
  const limit = limitOf(spec);
  // Where Swarm begins no other, it matters little when the last one ended.
  const counted = isBegunForEver(spec) ? tasks.filter(({ id }) => !known.has(id)) : tasks;
  const ended = counted
    .filter((task) => hasFailed(task) || (task.state === 'complete' && !endsByItself(spec)))
    .filter(({ error }) => !NODES_FAULT.test(error));
  const inPlaceOf = (task: SwarmTask) => ended.filter((one) => placeOf(one, spec) === placeOf(task, spec));
  return ended.map(inPlaceOf).find((same) => same.length >= limit);
}

const attemptsOf = ({ TaskTemplate }: ServiceSpec) => TaskTemplate?.RestartPolicy?.MaxAttempts ?? 0;
const isBegunForEver = (spec: ServiceSpec) => conditionOf(spec) !== 'none' && attemptsOf(spec) === 0;

function limitOf(spec: ServiceSpec): number {
  if (conditionOf(spec) === 'none') return 1;
  const attempts = attemptsOf(spec);
  return attempts > 0 ? Math.min(attempts + 1, CRASH_LIMIT) : CRASH_LIMIT;
}

function describeLost(lost: readonly SwarmTask[]): string {
  const [task] = lost as readonly [SwarmTask];
  const times = lost.length === 1 ? 'it' : `${lost.length} times it`;
  if (task.state === 'complete') return `${times} ended, and well: it is to run on`;
  return `${times} failed: ${describeTask(task)}`;
}

/** Where a task's successor would run: its slot, or its node for a global service. */
function placeOf({ slot, nodeId }: SwarmTask, { Mode }: ServiceSpec): string {
  return Mode?.Global || Mode?.GlobalJob ? nodeId : String(slot);
}

/** The order in which a task gets on. */
const STATES = ['new', 'pending', 'assigned', 'accepted', 'preparing', 'ready', 'starting', 'running'];

function describeLag(tasks: readonly SwarmTask[]): string {
  const under = tasks.filter(({ state }) => STATES.includes(state) && state !== 'running');
  const [last] = under.sort((a, b) => STATES.indexOf(a.state) - STATES.indexOf(b.state));
  return last ? `${last.state}${last.error ? `: ${last.error}` : ''}` : '';
}

export function hasFailed({ state }: SwarmTask): boolean {
  return state === 'failed' || state === 'rejected';
}

/** One task's fate in Swarm's own words. */
export function describeTask({ error, message, state, exitCode }: SwarmTask): string {
  const code = exitCode ? ` (exit code ${exitCode})` : '';
  return `${error || message || state}${error.includes('exit') ? '' : code}`;
}
