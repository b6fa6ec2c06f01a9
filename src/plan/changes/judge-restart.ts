import type { ServiceSpec } from '../../shared/service-spec.ts';
import type { SwarmService } from '../../shared/swarm.ts';
import { meetsConstraint } from '../placement/judge-constraint.ts';
import type { Field } from './describe-spec.ts';
import type { ClusterFacts } from './facts.ts';

export interface Restart {
  /** How many tasks Swarm replaces. */
  readonly replaced: number;
  readonly notes: readonly string[];
}

const STALE_PORTS =
  'Swarm does not publish the new ports on tasks that it leaves running, as it does when constraints change too: deploy the ports and the constraints one after the other';

/**
 * Which tasks Swarm replaces for changed fields, as swarmkit decides it (IsTaskDirty): all, when something of them
 * or of their ports changed. But of constraints alone it asks only whether a task may stay where it is, and then
 * does not look at ports any more.
 */
export function judgeRestart(
  changed: readonly Field[],
  spec: ServiceSpec,
  { id, wanted }: SwarmService,
  { nodes, tasks }: ClusterFacts,
): Restart {
  const ofTasks = changed.filter(({ scope }) => scope === 'tasks').map(({ name }) => name);
  const hasPorts = changed.some(({ scope }) => scope === 'endpoint');
  const isPlacement = ofTasks.length > 0 && ofTasks.every((name) => name === 'constraints');
  if (!isPlacement) return { replaced: ofTasks.length > 0 || hasPorts ? wanted : 0, notes: [] };

  const constraints = spec.TaskTemplate?.Placement?.Constraints ?? [];
  const isFitting = (nodeId: string) =>
    nodes.some((node) => node.id === nodeId && constraints.every((one) => meetsConstraint(node, one)));
  const replaced = tasks.filter(({ serviceId, nodeId }) => serviceId === id && !isFitting(nodeId)).length;
  return { replaced, notes: hasPorts && replaced < wanted ? [STALE_PORTS] : [] };
}
