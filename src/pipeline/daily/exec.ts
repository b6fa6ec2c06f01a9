import { findService } from '../../plan/find-service.ts';
import { DeployError, messageOf } from '../../shared/errors.ts';
import type { SwarmNode, SwarmTask } from '../../shared/swarm.ts';
import type { Host, Tools } from '../../shared/tools.ts';
import { atCluster } from '../at-cluster.ts';
import type { World } from '../world.ts';

export interface ExecOptions {
  readonly target: string | undefined;
  /** `api`, or `api.2` for the task of a slot. */
  readonly name: string;
  readonly command: readonly string[];
}

/** Runs a program in a task of a service, whichever node that is on; gives its exit status. */
export async function execInTask(world: World, { target, name, command }: ExecOptions): Promise<number> {
  return atCluster(world, target, async ({ stack }, tools) => {
    const [, service = name, slot] = /^(.*?)(?:\.(\d+))?$/.exec(name) ?? [];
    const tasks = await findTasks(tools, stack, service, slot);
    const { host, task } = await findReachable(tools, tasks);
    tools.log.info(`a task of ${service} on ${host.name}`);
    return host.containers.exec(task.containerId, command, world.streams);
  });
}

async function findTasks(
  { swarm }: Tools,
  stack: string,
  name: string,
  slot: string | undefined,
): Promise<readonly SwarmTask[]> {
  const { id } = findService(stack, await swarm.readServices(stack), name);
  const tasks = (await swarm.readTasks(stack, 'current')).filter(
    (task) =>
      task.serviceId === id && task.state === 'running' && (slot === undefined || task.slot === Number(slot)),
  );
  if (tasks.length > 0) return tasks;
  const which = slot === undefined ? name : `${name}.${slot}`;
  throw new DeployError('NOT_CONVERGED', `no task of ${which} runs`, { hint: 'waggle status tells why' });
}

interface Found {
  readonly host: Host;
  readonly task: SwarmTask;
}

/** A task on a manager that is named, or else on a node that ssh knows by its hostname. */
async function findReachable(tools: Tools, tasks: readonly SwarmTask[]): Promise<Found> {
  const nodes = await tools.swarm.readNodes();
  const named = await Promise.all(tools.hosts.map((host) => findOn(host, tasks).catch(() => undefined)));
  const found = named.find((one) => one !== undefined);
  if (found) return found;
  const failures: string[] = [];
  for (const node of nodesOf(tasks, nodes)) {
    try {
      const other = await findOn(tools.hostNamed(node.hostname), tasks);
      if (other) return other;
      failures.push(`${node.hostname}: another machine answers to this name`);
    } catch (error) {
      failures.push(`${node.hostname}: ${messageOf(error)}`);
    }
  }
  throw new DeployError('UNREACHABLE', 'no node that runs a task of it can be reached', {
    details: failures,
    hint: 'name it in DEPLOY_MANAGER_HOST if it is a manager, or give ssh its name: a Host in ~/.ssh/config',
  });
}

/** Throws UNREACHABLE when the host does not answer; undefined: none of the tasks is there. */
async function findOn(host: Host, tasks: readonly SwarmTask[]): Promise<Found | undefined> {
  const nodeId = await host.containers.readNodeId();
  const task = tasks.find((one) => one.nodeId === nodeId);
  return task && { host, task };
}

function nodesOf(tasks: readonly SwarmTask[], nodes: readonly SwarmNode[]): readonly SwarmNode[] {
  return nodes.filter(({ id }) => tasks.some(({ nodeId }) => nodeId === id));
}
