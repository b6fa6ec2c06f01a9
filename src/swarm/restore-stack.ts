import pRetry from 'p-retry';
import { allOf } from '../shared/all-of.ts';
import { DeployError } from '../shared/errors.ts';
import type { Swarm } from '../shared/swarm.ts';
import { planRestore, type Restore, type Snapshot } from './plan-restore.ts';

/** A network can go only when the last task has left it; Swarm takes some seconds for that. */
const NETWORK_RETRIES = 60;

export async function takeSnapshot(swarm: Swarm, stack: string): Promise<Snapshot> {
  const [services, networks, tasks] = await Promise.all([
    swarm.readServices(stack),
    swarm.readNetworks(stack),
    swarm.readTasks(stack),
  ]);
  const running = tasks.filter(({ state }) => state === 'running');
  const countOf = (id: string) => running.filter(({ serviceId }) => serviceId === id).length;
  return {
    services,
    networks,
    taskIds: new Set(tasks.map(({ id }) => id)),
    running: new Map(services.map(({ id, name }) => [name, countOf(id)])),
  };
}

/** Makes every change that the stack needs to be what it was; says what it changed. Does not wait for tasks. */
export async function restoreStack(swarm: Swarm, stack: string, before: Snapshot): Promise<Restore> {
  const [services, networks] = await Promise.all([swarm.readServices(stack), swarm.readNetworks(stack)]);
  const restore = planRestore(before, services, networks);
  // One service that cannot be put back must not keep the others from it.
  const changes = [
    ...restore.update.map(({ id, spec }) => swarm.updateService(id, spec)),
    ...restore.create.map((spec) => swarm.createService(spec)),
    ...restore.removeServices.map((id) => swarm.removeService(id)),
  ];
  await allOf(changes, 'RESTORE_FAILED');
  const removals = restore.removeNetworks.map((id) => removeNetwork(swarm, stack, id));
  await allOf(removals, 'RESTORE_FAILED');
  return restore;
}

/** Done when no node holds on to it any more: a deploy that follows at once may want the same name. */
async function removeNetwork(swarm: Swarm, stack: string, id: string): Promise<void> {
  const remove = async () => {
    await swarm.removeNetwork(id);
    const left = await swarm.readNetworks(stack);
    if (left.some((network) => network.id === id))
      throw new DeployError('RESTORE_FAILED', `the network ${id} is still in use`);
  };
  await pRetry(remove, { retries: NETWORK_RETRIES, factor: 1, minTimeout: 500 });
}
