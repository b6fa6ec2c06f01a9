import { hasFailed } from '../plan/status/has-failed.ts';
import type { Log, TaskEvent } from '../shared/log.ts';
import type { SwarmNode, SwarmTask } from '../shared/swarm.ts';
import type { PollResult } from './poll-result.ts';

export interface TaskReportOptions {
  readonly log: Log;
  readonly spec: TaskEvent['spec'];
  /** Ids of tasks that are nothing new. */
  readonly known?: ReadonlySet<string> | undefined;
}

/**
 * Tells each task of a spec that is waited for, and again with each state that it comes into. Called with each look;
 * a node is known by its name from when it was first among `nodes`.
 */
export function taskReporter({
  log,
  spec,
  known,
}: TaskReportOptions): (looks: readonly PollResult[], nodes: readonly SwarmNode[]) => void {
  const told = new Map<string, string>();
  const hostnames = new Map<string, string>();
  return (looks, nodes) => {
    for (const { id, hostname } of nodes) hostnames.set(id, hostname);
    for (const { service, tasks } of looks)
      for (const task of tasks) {
        if (known?.has(task.id) || told.get(task.id) === task.state) continue;
        told.set(task.id, task.state);
        const node = hostnames.get(task.nodeId) ?? task.nodeId;
        const event = { ...describe(service.name, task, node), spec };
        log.info(event, `${event.task} on ${node || 'no node yet'}: ${task.state}`);
      }
  };
}

function describe(service: string, task: SwarmTask, node: string): Omit<TaskEvent, 'spec'> {
  const { id: taskId, slot, state, error } = task;
  const name = slot > 0 ? `${service}.${slot}` : `${service}@${node}`;
  return { task: name, service, taskId, node, state, ...(hasFailed(task) && error && { error }) };
}
