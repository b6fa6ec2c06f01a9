import { describeHolder, findLock, type Holder, parseLock } from '../../plan/records/lock.ts';
import { DeployError } from '../../shared/errors.ts';
import type { Tools } from '../../shared/tools.ts';
import { atCluster } from '../at-cluster.ts';
import type { RunContext } from '../run-context.ts';
import { timed } from '../run-steps.ts';
import { newHolder } from './new-holder.ts';
import { takeAway } from './take-away.ts';
import { locked, newLock } from './take-lock.ts';

/** Keeps everybody from deploying until it is taken away. */
export async function lockStack(
  context: RunContext,
  target: string | undefined,
  reason: string,
): Promise<void> {
  await atCluster(context, target, async ({ stack }, { swarm }) => {
    const holder = newHolder(context.environment, reason, true);
    if (!(await swarm.createRecord(newLock(stack, holder)))) {
      const found = findLock(await swarm.readRecords(stack));
      if (found) throw locked(stack, parseLock(found));
      throw new DeployError('LOCKED', `${stack} was locked by another a moment ago`, { hint: 'try again' });
    }
    context.print(`${stack} is locked; \`waggle unlock ${holder.id}\` takes the lock away`);
  });
}

/** Takes the lock away from its holder; a run that loses it has stopped by then. Without an id it says who holds it. */
export async function unlockStack(
  context: RunContext,
  target: string | undefined,
  id: string | undefined,
): Promise<void> {
  await atCluster(context, target, async ({ stack }, tools, records) => {
    const found = findLock(await records);
    if (id === undefined) {
      context.print(found ? describeLock(stack, parseLock(found)) : `${stack} is not locked`);
      return;
    }
    const was = await timed(context.log, 'take the lock away', () => unlock(tools, stack, id));
    context.print(was ? `${stack} is not locked any more; it was by ${was}` : `${stack} is not locked`);
  });
}

const describeLock = (stack: string, holder: Holder) =>
  `${stack} is locked by ${describeHolder(holder)}\n\`waggle unlock ${holder.id}\` takes the lock away`;

/** Gives who had it; '': nobody. Throws LOCKED when that is not who is meant. */
export async function unlock(
  tools: Pick<Tools, 'swarm' | 'signal'>,
  stack: string,
  id: string,
): Promise<string> {
  for (let was = ''; ; ) {
    const found = findLock(await tools.swarm.readRecords(stack));
    const holder = found && parseLock(found);
    // Who waited for it may have it by now.
    if (!holder || (was && holder.id !== id)) return was;
    if (holder.id !== id)
      throw new DeployError('LOCKED', `${stack} is locked by ${describeHolder(holder)}`, {
        hint: `\`waggle unlock ${holder.id}\` takes it away`,
      });
    was = describeHolder(holder);
    await takeAway(tools, stack, found);
  }
}
