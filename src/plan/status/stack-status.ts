import type { Warning } from '../../config/group-findings.ts';
import type { SwarmNode, SwarmService, SwarmTask } from '../../shared/swarm.ts';
import type { Holder } from '../records/lock.ts';
import type { ReleaseRecord } from '../records/release-record.ts';
import { hasFailed } from './has-failed.ts';

/** All that `waggle status` tells; `--json` prints it as it is. */
export interface StackStatus {
  readonly stack: string;
  /** The newest that was not put back; absent: none is on record. */
  readonly release?: Pick<ReleaseRecord, 'number' | 'id' | 'tag' | 'result' | 'who' | 'since'>;
  /** Who keeps others from deploying; absent: nobody does. */
  readonly lock?: Holder;
  /** What is under way, or was left half done, in a sentence each. */
  readonly runs: readonly string[];
  /** Records of which nothing can be told, in a sentence each, with the command that removes it. */
  readonly unreadable: readonly string[];
  readonly services: readonly ServiceStatus[];
  readonly nodes: readonly NodeStatus[];
  /** What somebody changed by hand since the release. */
  readonly drift: readonly string[];
  /** What rules find in the stack file, as `waggle plan` shows it. */
  readonly warnings: readonly Warning[];
}

export interface ServiceStatus {
  /** As the stack file names it. */
  readonly name: string;
  readonly running: number;
  readonly wanted: number;
  readonly image: string;
  /** ISO 8601, from the cluster: since when its newest task has run; absent: none does. */
  readonly since?: string;
  /** What Swarm says of an update that is under way or went wrong. */
  readonly update?: string;
  /** The newest of its tasks that failed. */
  readonly failed?: FailedTask;
}

export interface FailedTask {
  readonly node: string;
  readonly since: string;
  readonly why: string;
}

export interface NodeStatus {
  readonly hostname: string;
  readonly state: string;
  readonly availability: string;
  /** `leader`, `manager` or `worker`. */
  readonly role: string;
}

/** Each service with its tasks, by name. */
export function planServiceStatus(
  stack: string,
  services: readonly SwarmService[],
  tasks: readonly SwarmTask[],
  nodes: readonly SwarmNode[],
): readonly ServiceStatus[] {
  const nodeName = (id: string) => nodes.find((node) => node.id === id)?.hostname ?? 'no node';
  return services
    .map((service) => {
      const own = tasks.filter(({ serviceId }) => serviceId === service.id);
      const running = own.filter(({ state }) => state === 'running');
      const failed = newest(own.filter(hasFailed));
      const since = newest(running)?.since;
      const { update } = service;
      return {
        name: service.name.slice(stack.length + 1),
        running: running.length,
        wanted: service.wanted,
        image: service.spec.TaskTemplate?.ContainerSpec?.Image ?? '',
        ...(since && { since }),
        ...(update && update.state !== 'completed' && { update: `${update.state}: ${update.message}` }),
        ...(failed && {
          failed: {
            node: nodeName(failed.nodeId),
            since: failed.since,
            why: failed.error || failed.message,
          },
        }),
      };
    })
    .sort((a, b) => a.name.localeCompare(b.name));
}

export function planNodeStatus(nodes: readonly SwarmNode[]): readonly NodeStatus[] {
  return nodes
    .map(({ hostname, state, availability, role, isLeader }) => ({
      hostname,
      state,
      availability,
      role: isLeader ? 'leader' : role,
    }))
    .sort((a, b) => a.hostname.localeCompare(b.hostname));
}

const newest = (tasks: readonly SwarmTask[]) =>
  tasks.toSorted((a, b) => a.since.localeCompare(b.since)).at(-1);
