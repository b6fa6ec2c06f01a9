import { until } from '../../src/lab/engine.ts';
import type { Machine } from '../../src/lab/machine.ts';
import { formSwarm, hasQuorum } from '../../src/lab/swarm.ts';
import type { Lab } from '../../src/lab/topology.ts';
import { messageOf } from '../../src/shared/errors.ts';
import { healAll, killEngine, restartEngine } from './faults.ts';

/** An empty, healthy Swarm again: no stack, secret, config, network, volume or bundle; every fault healed. */
export async function reset(lab: Lab): Promise<void> {
  await healAll(lab);
  const [manager] = lab.managers;
  try {
    await until('the managers agree', () => hasQuorum(manager), 30);
    await empty(lab);
  } catch (error) {
    // After what the tests do to it, a Swarm may not be able to end its tasks; which ones, the error tells.
    console.warn(`${messageOf(error)}: the Swarm is formed anew`);
    await formAnew(lab);
  }
  await Promise.all(lab.managers.map(cleanManager));
  // A tool that a failed test left running would go on in the next one.
  await Promise.all([lab.workstation, lab.laptop].map(cleanOperator));
}

async function empty(lab: Lab): Promise<void> {
  const [manager] = lab.managers;
  await refreshManagers(lab);
  await Promise.all([removeAll(manager, 'service'), cleanNodes(manager)]);
  const areGone = async () => (await listContainers(lab)) === '';
  await until('all tasks are gone', areGone, 60).catch(async (error) => {
    throw new Error(`${messageOf(error)}:\n${await listContainers(lab)}`);
  });
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
}

async function cleanOperator(machine: Machine): Promise<void> {
  await machine.exec(['pkill', '-KILL', '-u', 'operator', 'node']);
  await machine.run(['sh', '-c', 'rm -rf /tmp/waggle-* /tmp/runner /srv/github /home/operator/project']);
}

/** Every node takes tasks again, and none has a label. */
async function cleanNodes(manager: Machine): Promise<void> {
  const labels = '{{range $key, $value := .Spec.Labels}} --label-rm {{$key}}{{end}}';
  const script = `for node in $(docker node ls -q); do docker node update --availability active $(docker node inspect --format '${labels}' $node) $node; done`;
  await manager.run(['sh', '-c', script]);
}

async function removeAll(manager: Machine, kind: 'service' | 'secret' | 'config'): Promise<void> {
  await manager.run(['sh', '-c', `docker ${kind} ls -q | xargs -r docker ${kind} rm`]);
}

/** An engine that was killed may have forgotten a container that ended meanwhile, or had not begun yet: those go by hand. */
async function listContainers({ managers }: Lab): Promise<string> {
  const list = 'docker ps -a --filter label=com.docker.swarm.task';
  const show = `${list} --format '{{.Names}}: {{.Status}}'`;
  const script = `${list} -q --filter status=exited --filter status=created | xargs -r docker rm >/dev/null; ${show}`;
  const lists = await Promise.all(managers.map((manager) => manager.run(['sh', '-c', script])));
  return lists.filter(Boolean).join('\n');
}

async function cleanManager(manager: Machine): Promise<void> {
  await manager.run([
    'sh',
    '-c',
    'rm -rf /home/deploy/.waggle /home/deploy/.docker /dev/shm/waggle-* /tmp/waggle-* && docker volume prune --all --force',
  ]);
}

const LOST_ITS_LEAD = 'raft.node: ([0-9a-f]+) lost leader \\1 ';

/**
 * A manager that lost its lead, and leads again, begins no jobs any more until its engine restarts: swarmkit's. It is
 * enough for that that another was cut off and came back.
 */
async function refreshManagers({ managers }: Lab): Promise<void> {
  for (const manager of managers) {
    const search = ['grep', '--quiet', '--extended-regexp', LOST_ITS_LEAD, '/var/log/dockerd.log'];
    if ((await manager.exec(search)).code !== 0) continue;
    await killEngine(manager);
    await restartEngine(manager);
    await until('the managers agree again', () => hasQuorum(manager));
  }
}

async function formAnew(lab: Lab): Promise<void> {
  const leave =
    'docker swarm leave --force; docker ps -aq --filter label=com.docker.swarm.task | xargs -r docker rm --force';
  await Promise.all(lab.managers.map((manager) => manager.exec(['sh', '-c', leave])));
  // An engine goes on talking to the nodes of the Swarm before: names of services would not be found then.
  await Promise.all(lab.managers.map(killEngine));
  await Promise.all(lab.managers.map(restartEngine));
  await formSwarm(lab);
}
