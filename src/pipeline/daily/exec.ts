import { findService } from '../../plan/find-service.ts';
import { DeployError, messageOf } from '../../shared/errors.ts';
import type { SwarmTask } from '../../shared/swarm.ts';
import type { Host, Tools } from '../../shared/tools.ts';
import { findNamed, requireNode } from '../../swarm/reach-node.ts';
import { atCluster } from '../at-cluster.ts';
import type { RunContext } from '../run-context.ts';

export interface ExecOptions {
  readonly target: string | undefined;
  /** `api`, `api.2` for the task of a slot, or `api@m2` for the task on a node. */
  readonly name: string;
  readonly command: readonly string[];
  /** The program gets the terminal, if there is one. */
  readonly isInteractive: boolean;
}

/** Runs a program in a task of a service, whichever node that is on; gives its exit status. */
export async function execInTask(
  context: RunContext,
  { target, name, command, isInteractive }: ExecOptions,
): Promise<number> {
  return atCluster(context, target, async ({ stack }, tools) => {
    const [, service = name, slot, node] = /^(.*?)(?:\.(\d+)|@(.+))?$/.exec(name) ?? [];
    const tasks = await findTasks(tools, stack, { name, service, slot, node });
    const { host, task } = await findReachable(tools, tasks);
    tools.log.info(`a task of ${service} on ${host.name}`);
    if (!isInteractive && context.streams.input.isTTY)
      tools.log.info('the program has no terminal: add --raw for a shell');
    return host.containers.exec(task.containerId, command, context.streams);
  });
}

/** The parts of the name on the command line. */
interface Wanted {
  readonly name: string;
  readonly service: string;
  readonly slot: string | undefined;
  readonly node: string | undefined;
}

async function findTasks(
  { swarm }: Tools,
  stack: string,
  { name, service, slot, node }: Wanted,
): Promise<readonly SwarmTask[]> {
  const [services, all, nodes] = await Promise.all([
    swarm.readServices(stack),
    swarm.readTasks(stack, 'current'),
    node === undefined ? [] : swarm.readNodes(),
  ]);
  const { id } = findService(stack, services, service);
  const nodeIds = nodes.filter(({ hostname }) => hostname === node).map((one) => one.id);
  const isWanted = (task: SwarmTask) =>
    (slot === undefined || task.slot === Number(slot)) &&
    (node === undefined || nodeIds.includes(task.nodeId));
  const tasks = all.filter((task) => task.serviceId === id && task.state === 'running' && isWanted(task));
  if (tasks.length > 0) return tasks;
  throw new DeployError('NOT_CONVERGED', `no task of ${name} is running`, {
    hint: 'waggle status shows the tasks',
  });
}

interface Found {
  readonly host: Host;
  readonly task: SwarmTask;
}

/** A task on a manager that is named, or else on a node that ssh knows by its hostname. */
async function findReachable(
  { swarm, hosts, hostNamed }: Tools,
  tasks: readonly SwarmTask[],
): Promise<Found> {
  const nodes = await swarm.readNodes();
  const places = nodes.flatMap((node) => {
    const task = tasks.find(({ nodeId }) => nodeId === node.id);
    return task ? [{ node, task }] : [];
  });
  const named = await Promise.all(
    places.map(async ({ node, task }) => ({ host: await findNamed(hosts, node), task })),
  );
  for (const { host, task } of named) if (host) return { host, task };
  const failures: string[] = [];
  for (const { node, task } of places) {
    try {
      return { host: await requireNode(hostNamed(node.hostname), node), task };
    } catch (error) {
      failures.push(`${node.hostname}: ${messageOf(error)}`);
    }
  }
  throw new DeployError('UNREACHABLE', 'no node that runs a task of it can be reached', {
    details: failures,
    hint: 'name it in DEPLOY_MANAGER_HOST if it is a manager, or give ssh its name: a Host in ~/.ssh/config',
  });
}
