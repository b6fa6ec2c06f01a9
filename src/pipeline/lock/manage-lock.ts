import { describeHolder, parseLock } from '../../plan/records/lock.ts';
import { DeployError } from '../../shared/errors.ts';
import { atCluster } from '../at-cluster.ts';
import type { World } from '../world.ts';
import { newHolder } from './new-holder.ts';
import { findLock, locked, newLock } from './take-lock.ts';

/** Keeps everybody from deploying until it is taken away. */
export async function lockStack(world: World, target: string | undefined, reason: string): Promise<void> {
  await atCluster(world, target, async ({ stack }, { swarm }) => {
    const holder = newHolder(world.environment, reason, true);
    if (!(await swarm.createRecord(newLock(stack, holder)))) {
      const found = findLock(await swarm.readRecords(stack));
      if (found) throw locked(stack, parseLock(found.labels));
      throw new DeployError('LOCKED', `${stack} was locked by another a moment ago`, { hint: 'try again' });
    }
    world.print(`${stack} is locked; \`waggle unlock ${holder.id}\` takes the lock away`);
  });
}

/** Takes the lock away from whoever has it; a run that it is taken from stops before its next change. */
export async function unlockStack(world: World, target: string | undefined, id: string): Promise<void> {
  await atCluster(world, target, async ({ stack }, { swarm }) => {
    const found = findLock(await swarm.readRecords(stack));
    const holder = found && parseLock(found.labels);
    if (!holder) return world.print(`${stack} is not locked`);
    if (holder.id !== id)
      throw new DeployError('LOCKED', `${stack} is locked by ${describeHolder(holder)}`, {
        hint: `\`waggle unlock ${holder.id}\` takes it away`,
      });
    await swarm.removeRecord(found.id);
    world.print(`${stack} is not locked any more; it was by ${describeHolder(holder)}`);
  });
}
