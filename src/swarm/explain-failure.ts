import type { Mask } from '../shared/mask.ts';
import type { Swarm, SwarmTask } from '../shared/swarm.ts';
import { describeTask, hasFailed } from './judge-service.ts';

const LOG_LINES = 30;

/**
 * Why services did not come up: the fate and the last log lines of one failed task of each. `known` are tasks
 * that existed before the deploy; whatever failed since is what the deploy did, without asking any clock.
 */
export async function explainFailure(
  swarm: Swarm,
  stack: string,
  known: ReadonlySet<string>,
  mask: Mask,
): Promise<readonly string[]> {
  const [services, tasks] = await Promise.all([swarm.readServices(stack), swarm.readTasks(stack)]);
  const fresh = tasks.filter((task) => !known.has(task.id));
  const explained = services.map(async ({ id, name }) => {
    const task =
      fresh.find((one) => one.serviceId === id && hasFailed(one)) ?? fresh.find((one) => isStuck(one, id));
    return task ? describe(name, task, await readLog(swarm, task)) : [];
  });
  return (await Promise.all(explained)).flat().map(mask);
}

/** A task that neither runs nor failed, and for which Swarm gives a reason: no suitable node, for one. */
function isStuck({ serviceId, state, error }: SwarmTask, id: string): boolean {
  return serviceId === id && state !== 'running' && error !== '';
}

function describe(name: string, task: SwarmTask, log: readonly string[]): string[] {
  const lines = log.map((line) => `  | ${line}`);
  const heading = lines.length > 0 ? [`${name}: its last ${lines.length} log lines:`] : [];
  return [`${name}: a task ${task.state}: ${describeTask(task)}`, ...heading, ...lines];
}

/** A log that cannot be read must not hide the failure that it would explain. */
async function readLog(swarm: Swarm, { id, nodeId }: SwarmTask): Promise<readonly string[]> {
  return nodeId === '' ? [] : swarm.readTaskLog(id, LOG_LINES).catch(() => []);
}
