import { hasFailed } from '../plan/status/has-failed.ts';
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
 * begins, and counting them calls a rollout done before it has started (see docs/explanation/convergence.md).
 */
export function judgeService(
  service: SwarmService,
  tasks: readonly SwarmTask[],
  { isHeld = false, known = NONE }: JudgeOptions = {},
): Verdict {
  const { spec } = service;
  const wanted = countWanted(service, tasks);
  const { state = '', message: reason = '' } = service.update ?? {};
  if (state.startsWith('rollback')) return { kind: 'rolled-back', reason };
  const places = new Set(tasks.filter((task) => isGood(task, spec)).map((task) => placeOf(task, spec)));
  // No status: Swarm found no task to replace, or has not begun; then no task of this spec runs yet.
  const isSettled = ['', 'completed'].includes(state) || isHeld || (state === 'paused' && endsByItself(spec));
  const lost = findLost(tasks, spec, known).find(([task]) => !places.has(placeOf(task, spec)));
  // On a node where Swarm gave up it wants no task of a global service any more.
  const isLostNow = lost?.some(({ id }) => !known.has(id)) && spec.Mode?.Global !== undefined;
  if (isSettled && places.size >= wanted && !isLostNow) return { kind: 'converged' };
  if (lost) return { kind: 'failed', reason: describeLost(lost) };
  if (state === 'paused' && countHopes(tasks, spec) < wanted) return { kind: 'paused', reason };
  return { kind: 'waiting', running: places.size, wanted, reason: describeLag(tasks) };
}

export interface JudgeOptions {
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
export function endsByItself(spec: ServiceSpec): boolean {
  return isJob(spec) || ['none', 'on-failure'].includes(conditionOf(spec));
}

/** Its tasks are to end. */
export function isJob({ Mode }: ServiceSpec): boolean {
  return Mode?.ReplicatedJob !== undefined || Mode?.GlobalJob !== undefined;
}

/**
 * How many tasks a global service is to have is known from those it has: Swarm counts those that are to run, so none
 * while each waits to be begun again and none that has ended well, and mixes the runs of a job.
 */
function countWanted({ spec, wanted }: SwarmService, tasks: readonly SwarmTask[]): number {
  const nodesOf = (some: readonly SwarmTask[]) => new Set(some.map(({ nodeId }) => nodeId));
  if (spec.Mode?.GlobalJob) return Math.max(1, nodesOf(tasks).size);
  if (!spec.Mode?.Global) return wanted;
  const alive = nodesOf(tasks.filter(isWanted));
  const done = nodesOf(tasks.filter((task) => task.state === 'complete' && isGood(task, spec)));
  return Math.max(wanted, alive.size) + [...done].filter((nodeId) => !alive.has(nodeId)).length;
}

/** By Swarm, which has not yet looked at how it ended if it has. */
const isWanted = ({ desiredState }: SwarmTask) => ['ready', 'running'].includes(desiredState);

const conditionOf = ({ TaskTemplate }: ServiceSpec) => TaskTemplate?.RestartPolicy?.Condition || 'any';

/** An engine that was restarted gets tasks before it is back in the Swarm. */
const TOO_EARLY = 'when swarm is not active';

type Some = readonly [SwarmTask, ...SwarmTask[]];

/** For each place in which Swarm will begin no other, or in which another would end as these did, all tasks that ended. */
function findLost(
  tasks: readonly SwarmTask[],
  spec: ServiceSpec,
  known: ReadonlySet<string>,
): readonly Some[] {
  const ended = tasks
    .filter((task) => hasFailed(task) || (task.state === 'complete' && !endsByItself(spec)))
    .filter(({ error }) => !error.includes(TOO_EARLY));
  const inPlaceOf = (task: SwarmTask) =>
    [task, ...ended.filter((one) => one !== task && placeOf(one, spec) === placeOf(task, spec))] as const;
  return ended.map(inPlaceOf).filter((same) => isGivenUp(same, spec, known));
}

const attemptsOf = ({ TaskTemplate }: ServiceSpec) => TaskTemplate?.RestartPolicy?.MaxAttempts ?? 0;

/**
 * Swarm begins another as long as it has not begun as many as it may within the window; where it begins none, it matters
 * little when the last one ended.
 */
function isGivenUp(ended: Some, spec: ServiceSpec, known: ReadonlySet<string>): boolean {
  if (conditionOf(spec) === 'none') return true;
  if (ended.filter(({ id }) => !known.has(id)).length >= CRASH_LIMIT) return true;
  const attempts = attemptsOf(spec);
  const times = ended.map(({ since }) => Date.parse(since)).sort((a, b) => b - a);
  const [last = 0, first] = [times[0], times[attempts]];
  if (attempts === 0 || first === undefined) return false;
  const { Window = 0 } = spec.TaskTemplate?.RestartPolicy ?? {};
  return Window === 0 || last - first <= Window / 1e6;
}

/**
 * In how many places a task may come to be good: it is, or is on its way, or Swarm has not yet looked at how it ended.
 * What an update has not reached when it is paused, it never will.
 */
function countHopes(tasks: readonly SwarmTask[], spec: ServiceSpec): number {
  if (!endsByItself(spec)) return 0;
  const hopes = tasks.filter((task) => isGood(task, spec) || isWanted(task));
  return new Set(hopes.map((task) => placeOf(task, spec))).size;
}

function describeLost(lost: Some): string {
  const [task] = lost;
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

/** One task's fate in Swarm's own words. */
export function describeTask({ error, message, state, exitCode }: SwarmTask): string {
  const code = exitCode ? ` (exit code ${exitCode})` : '';
  return `${error || message || state}${error.includes('exit') ? '' : code}`;
}
