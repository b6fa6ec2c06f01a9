import type { ServiceSpec } from '../../shared/service-spec.ts';
import type { SwarmService } from '../../shared/swarm.ts';
import { meetsAll } from '../placement/judge-constraint.ts';
import type { Field } from './describe-spec.ts';
import type { ClusterFacts } from './facts.ts';

export interface Restart {
  /** How many tasks Swarm replaces. */
  readonly replaced: number;
  readonly notes: readonly string[];
}

const STALE_PORTS =
  'Swarm does not publish the new ports on tasks that it leaves running, as it does when the placement changes too: deploy the ports and the placement one after the other';

/**
 * Which tasks Swarm replaces for changed fields, as swarmkit decides it (IsTaskDirty): all, when something of them
 * or of their ports changed. But of a placement alone (constraints, preferences, most replicas of a node) it asks only
 * whether the constraints let a task stay where it is, and then does not look at ports any more.
 */
export function judgeRestart(
  changed: readonly Field[],
  spec: ServiceSpec,
  { id, wanted }: SwarmService,
  { nodes, tasks }: ClusterFacts,
): Restart {
  const scopes = new Set(changed.map(({ scope }) => scope));
  const hasPorts = scopes.has('endpoint');
  const isPlacement = scopes.has('placement') && !scopes.has('tasks');
  if (!isPlacement) return { replaced: scopes.has('tasks') || hasPorts ? wanted : 0, notes: [] };

  const constraints = spec.TaskTemplate?.Placement?.Constraints;
  const isFitting = (nodeId: string) =>
    nodes.some((node) => node.id === nodeId && meetsAll(node, constraints));
  const replaced = tasks.filter(({ serviceId, nodeId }) => serviceId === id && !isFitting(nodeId)).length;
  return { replaced, notes: hasPorts && replaced < wanted ? [STALE_PORTS] : [] };
}
