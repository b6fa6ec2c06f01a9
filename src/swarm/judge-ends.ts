import { hasFailed } from '../plan/status/has-failed.ts';
import type { SwarmNode, SwarmService, SwarmTask } from '../shared/swarm.ts';
import { describeTask, endsByItself } from './judge-service.ts';
import type { PollResult } from './poll-result.ts';

export interface TaskEnd {
  readonly service: SwarmService;
  readonly task: SwarmTask;
}

/** Swarm rejects a running task when the labels of its node change. */
const WAS_MOVED = 'no longer meets constraints';

/**
 * Finds the tasks that ended by themselves after `converged`. It leaves out those that were to end, those in `known`,
 * which ran before the release, and those that Swarm stopped first: for a drain, for another scale. Called with each look.
 */
export function taskEndJudge(
  converged: readonly PollResult[],
  known: ReadonlySet<string> = new Set(),
): (looks: readonly PollResult[]) => readonly TaskEnd[] {
  const before = converged.flatMap(({ tasks }) => tasks.filter(isOver).map(({ id }) => id));
  const excused = new Set([...known, ...before]);
  return (looks) =>
    looks.flatMap(({ service, tasks }) => {
      for (const task of tasks) if (!isOver(task) && isStopped(task)) excused.add(task.id);
      return tasks
        .filter((task) => hasEnded(task, service) && !excused.has(task.id))
        .map((task) => ({ service, task }));
    });
}

/** Those of nodes that take tasks, a line each: a node that leaves ends its tasks, however good they are. */
export function describeEnds(ends: readonly TaskEnd[], nodes: readonly SwarmNode[]): readonly string[] {
  const usable = new Set(nodes.filter((node) => node.usable).map(({ id }) => id));
  return ends
    .filter(({ task }) => usable.has(task.nodeId))
    .map(({ service, task }) => {
      const how = task.state === 'complete' ? 'it exited 0, and is to run on' : describeTask(task);
      return `${service.name}: a task ended after the service had converged: ${how}`;
    });
}

const hasEnded = (task: SwarmTask, { spec }: SwarmService) =>
  (hasFailed(task) && !task.error.includes(WAS_MOVED)) || (task.state === 'complete' && !endsByItself(spec));

const isOver = ({ state }: SwarmTask) =>
  ['complete', 'failed', 'rejected', 'shutdown', 'orphaned', 'remove'].includes(state);

const isStopped = ({ desiredState }: SwarmTask) => ['shutdown', 'remove'].includes(desiredState);
