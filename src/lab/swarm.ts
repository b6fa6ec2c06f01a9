import { addressOf } from './address.ts';
import { until } from './engine.ts';
import type { Machine } from './machine.ts';
import type { Lab } from './topology.ts';

/** Makes one Swarm of the three managers. */
export async function formSwarm(lab: Lab): Promise<void> {
  const { managers } = lab;
  await Promise.all(managers.map(engineReady));
  const [first, ...others] = managers;
  await first.run(['docker', 'swarm', 'init', '--advertise-addr', await addressOf(lab, first)]);
  const token = await first.run(['docker', 'swarm', 'join-token', '--quiet', 'manager']);
  const leader = `${await addressOf(lab, first)}:2377`;
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
