import { until } from './engine.ts';
import type { Machine } from './machine.ts';
import type { Lab } from './topology.ts';

/** Makes one Swarm of the three managers. */
export async function formSwarm({ managers }: Lab): Promise<void> {
  await Promise.all(managers.map(engineReady));
  const [first, ...others] = managers;
  await first.run(['docker', 'swarm', 'init', '--advertise-addr', await addressOf(first)]);
  const token = await first.run(['docker', 'swarm', 'join-token', '--quiet', 'manager']);
  const leader = `${await addressOf(first)}:2377`;
  // One after another: a Raft group takes one new member at a time.
  for (const manager of others) await manager.run(['docker', 'swarm', 'join', '--token', token, leader]);
  await until('three managers are ready', () => hasQuorum(first));
}

export async function engineReady(machine: Machine): Promise<void> {
  await until(
    `the engine of ${machine.name} answers`,
    async () => (await machine.exec(['docker', 'info'])).code === 0,
  );
}

export async function hasQuorum(manager: Machine): Promise<boolean> {
  const { stdout } = await manager.exec([
    'docker',
    'node',
    'ls',
    '--format',
    '{{.Status}} {{.ManagerStatus}}',
  ]);
  const lines = stdout.trim().split('\n');
  return lines.length === 3 && lines.every((line) => /^Ready (Leader|Reachable)$/.test(line));
}

/** GET on the first manager's Docker API: what the cluster really runs, whatever the tool says. */
export async function askSwarm<T>({ managers }: Lab, path: string, filters: object = {}): Promise<T> {
  const query = encodeURIComponent(JSON.stringify(filters));
  const url = `http://docker/v1.43${path}?filters=${query}&status=true`;
  return JSON.parse(
    await managers[0].run(['curl', '--silent', '--unix-socket', '/run/docker.sock', url]),
  ) as T;
}

async function addressOf(machine: Machine): Promise<string> {
  return (await machine.run(['hostname', '--ip-address'])).split(' ')[0] ?? '';
}
