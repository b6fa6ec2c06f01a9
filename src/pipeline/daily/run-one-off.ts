import { randomBytes } from 'node:crypto';
import { findService } from '../../plan/find-service.ts';
import { oneOffStack, planOneOff } from '../../plan/plan-one-off.ts';
import { DeployError } from '../../shared/errors.ts';
import type { Swarm, SwarmService, SwarmTask } from '../../shared/swarm.ts';
import { logOf } from '../../swarm/follow-log.ts';
import { followTask, isOver } from '../../swarm/follow-task.ts';
import { atCluster } from '../at-cluster.ts';
import type { RunContext } from '../run-context.ts';
import { timed } from '../run-steps.ts';
import { waitLimits } from '../wait-limits.ts';

export interface OneOffOptions {
  readonly target: string | undefined;
  /** As the stack file names the service. */
  readonly name: string;
  readonly command: readonly string[];
}

/** Runs one task in a service's exact spec, prints what it says, and gives its exit status. */
export async function runOneOff(
  context: RunContext,
  { target, name, command }: OneOffOptions,
): Promise<number> {
  return atCluster(context, target, async ({ stack, settings }, tools) => {
    const { swarm, log } = tools;
    const live = findService(stack, await swarm.readServices(stack), name);
    const id = randomBytes(4).toString('hex');
    const spec = planOneOff({ stack, service: name, id, command }, live.spec);
    const own = oneOffStack(stack);
    await removeEnded(swarm, own);
    try {
      const task = await timed(log, `run one task of ${name}`, async () => {
        await swarm.createService(spec);
        return followTask(tools, {
          stack: own,
          source: logOf(await findMade(swarm, own, spec.Name)),
          progressMs: waitLimits(settings).progressMs,
          show: ({ text }) => context.print(text, { isRelayed: true }),
        });
      });
      return judgeExit(task);
    } finally {
      await removeServices(swarm, own, (service) => service.name === spec.Name);
    }
  });
}

function judgeExit({ state, exitCode, error }: SwarmTask): number {
  if (state === 'complete') return 0;
  if (exitCode) return exitCode;
  throw new DeployError('DEPLOY_FAILED', 'the task was not run to its end', {
    details: [`${state}${error ? `: ${error}` : ''}`],
    hint: 'nothing is left of it',
  });
}

async function findMade(swarm: Swarm, stack: string, name: string): Promise<SwarmService> {
  const found = (await swarm.readServices(stack)).find((service) => service.name === name);
  if (found) return found;
  throw new DeployError('DEPLOY_FAILED', `${name} is gone`, {
    hint: 'somebody else removed it: run it again',
  });
}

/** What a run that was killed left, once its task is over. */
async function removeEnded(swarm: Swarm, stack: string): Promise<void> {
  const tasks = await swarm.readTasks(stack);
  await removeServices(swarm, stack, ({ id }) => {
    const own = tasks.filter(({ serviceId }) => serviceId === id);
    return own.length > 0 && own.every(isOver);
  });
}

async function removeServices(
  swarm: Swarm,
  stack: string,
  isMeant: (service: SwarmService) => boolean,
): Promise<void> {
  const services = await swarm.readServices(stack);
  await Promise.all(services.filter(isMeant).map(({ id }) => swarm.removeService(id)));
}
