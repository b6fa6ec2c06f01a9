import { setTimeout as sleep } from 'node:timers/promises';
import type { SwarmNode, SwarmTask } from '../shared/swarm.ts';
import type { Ending, Host, Tools } from '../shared/tools.ts';
import { findNamed, requireNode } from './reach-node.ts';

export type Nodes = Pick<Tools, 'hosts' | 'hostNamed'>;

/** A task that does not run any more, with how its container ended; undefined: its engine could not be asked. */
export interface EndedTask {
  readonly task: SwarmTask;
  readonly ending: Ending | undefined;
}

/** The number of tasks of a service to read: more would say the same. */
const MOST_TASKS = 3;
/** The limit of each request: an explanation must not hide the failure. */
const BOUND_MS = 10_000;

/**
 * Asks the engines that ran them how tasks ended, all at once; a node is connected to when the first task on it is
 * asked for, as one of the managers that are named, or else by its hostname, as `waggle exec` does.
 */
export function endingReader(
  { hosts, hostNamed }: Nodes,
  nodes: readonly SwarmNode[],
  boundMs = BOUND_MS,
): (tasks: readonly SwarmTask[]) => Promise<readonly EndedTask[]> {
  const soon = <T>(ask: () => Promise<T>): Promise<T | undefined> =>
    Promise.race([ask().catch(() => undefined), sleep(boundMs, undefined)]);
  const reached = new Map<string, Promise<Host | undefined>>();
  const reach = async (node: SwarmNode) =>
    (await soon(() => findNamed(hosts, node))) ??
    (await soon(async () => requireNode(hostNamed(node.hostname, { isQuiet: true }), node)));
  const hostOf = (nodeId: string) => {
    const node = nodes.find(({ id, state }) => id === nodeId && state === 'ready');
    const host = reached.get(nodeId) ?? (node ? reach(node) : Promise.resolve(undefined));
    reached.set(nodeId, host);
    return host;
  };
  const readEnding = async (task: SwarmTask): Promise<EndedTask> => {
    const host = await hostOf(task.nodeId);
    return { task, ending: host && (await soon(() => host.containers.readEnding(task.containerId))) };
  };
  return async (tasks) => {
    const ended = tasks.filter(({ state, containerId }) => state !== 'running' && containerId !== '');
    return Promise.all(ended.slice(0, MOST_TASKS).map(readEnding));
  };
}
