import type { SwarmNode, SwarmService, SwarmTask } from '../shared/swarm.ts';

/**
 * Whether an update only waits for old tasks to stop that are on nodes which are down. Swarm waits for them until the
 * node is back, though every new task runs. `current` are ids of the tasks of the new spec.
 */
export function isHeldByDeadNodes(
  { id, update }: SwarmService,
  current: ReadonlySet<string>,
  tasks: readonly SwarmTask[],
  nodes: readonly SwarmNode[],
): boolean {
  if (update?.state !== 'updating') return false;
  const old = tasks.filter(
    (task) => task.serviceId === id && !current.has(task.id) && task.state === 'running',
  );
  const isDown = (nodeId: string) => nodes.some((node) => node.id === nodeId && node.state === 'down');
  return old.length > 0 && old.every(({ nodeId }) => isDown(nodeId));
}
