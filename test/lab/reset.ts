import { until } from './engine.ts';
import { healAll } from './faults.ts';
import type { Machine } from './machine.ts';
import { formSwarm, hasQuorum } from './swarm.ts';
import type { Lab } from './topology.ts';

/** An empty, healthy Swarm again: no stack, secret, config, network, volume or bundle; every fault healed. */
export async function reset(lab: Lab): Promise<void> {
  await healAll(lab);
  const [manager] = lab.managers;
  const healthy = await until('the managers agree', () => hasQuorum(manager), 30).then(
    () => true,
    () => false,
  );
  if (!healthy) await formAnew(lab);
  await removeAll(manager, 'service');
  await until('all tasks are gone', async () => (await countContainers(lab)) === 0);
  await Promise.all([removeAll(manager, 'secret'), removeAll(manager, 'config')]);
  await until('the networks are gone', async () => {
    await manager.exec([
      'sh',
      '-c',
      'docker network ls -q --filter type=custom --filter driver=overlay --filter label=com.docker.stack.namespace | xargs -r docker network rm',
    ]);
    return (
      (await manager.run(['sh', '-c', 'docker network ls -q --filter label=com.docker.stack.namespace'])) ===
      ''
    );
  });
  await Promise.all(lab.managers.map(cleanManager));
  await lab.workstation.run(['sh', '-c', 'rm -rf /tmp/waggle-* /home/operator/project']);
}

async function removeAll(manager: Machine, kind: 'service' | 'secret' | 'config'): Promise<void> {
  await manager.run(['sh', '-c', `docker ${kind} ls -q | xargs -r docker ${kind} rm`]);
}

async function countContainers({ managers }: Lab): Promise<number> {
  const lists = await Promise.all(
    managers.map((manager) =>
      manager.run(['docker', 'ps', '-aq', '--filter', 'label=com.docker.swarm.task']),
    ),
  );
  return lists.filter(Boolean).length;
}

async function cleanManager(manager: Machine): Promise<void> {
  await manager.run([
    'sh',
    '-c',
    'rm -rf /home/deploy/.waggle /dev/shm/waggle-* /tmp/waggle-* && docker volume prune --all --force',
  ]);
}

async function formAnew(lab: Lab): Promise<void> {
  await Promise.all(lab.managers.map((manager) => manager.exec(['docker', 'swarm', 'leave', '--force'])));
  await formSwarm(lab);
}
