// Proves: docs/how-to/servers.md, done line by line, makes a Swarm that takes a deploy.
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { addressOf } from '../../src/lab/address.ts';
import { labDown, labUp } from '../../src/lab/lab.ts';
import type { Machine } from '../../src/lab/machine.ts';
import { labName } from '../lab/lab.ts';
import { Operator } from '../lab/operator.ts';
import { Probe } from '../lab/probe.ts';
import { shown } from '../lab/shown.ts';
import { restartSshd } from '../lab/sshd.ts';

/** docs/how-to/servers.md, done line by line in a lab of its own. */
const NAME = `${labName()}-bare`;
const lab = await labUp(NAME);
const operator = new Operator(lab);
const probe = new Probe(operator);
const guide = readFileSync(resolve(import.meta.dirname, '../../docs/how-to/servers.md'), 'utf8');
const [, SSHD = ''] = /^```sshd_config\n([\s\S]*?)^```/m.exec(guide) ?? [];

const BARE =
  'docker swarm leave --force; userdel deploy; rm -rf /home/deploy/.ssh /etc/ssh/sshd_config.d/lab.conf';

beforeAll(async () => {
  await operator.installWaggle();
  await operator.checkOut();
  await probe.setUp();
  for (const machine of lab.managers) await machine.run(['sh', '-c', BARE]);
});
afterAll(() => labDown(NAME));

async function addUser(machine: Machine, key: string): Promise<void> {
  await machine.writeFile('/root/key.pub', key);
  for (const command of [
    'adduser --disabled-password --gecos "" deploy',
    'install -d -m 700 -o deploy -g deploy /home/deploy/.ssh',
    'install -m 600 -o deploy -g deploy key.pub /home/deploy/.ssh/authorized_keys',
    'usermod --append --groups docker deploy',
  ])
    await machine.run(['sh', '-c', shown(command)], { cwd: '/root' });
  await machine.writeFile('/etc/ssh/sshd_config.d/10-deploy.conf', SSHD);
  await restartSshd(machine);
}

async function doctorSays(): Promise<string> {
  const { stdout, stderr } = await probe.run(['doctor']);
  return stdout + stderr;
}

test('servers that nobody can log in to, and that are no Swarm, become one that takes a deploy', async () => {
  expect(await doctorSays()).toContain('it accepts none of the keys');
  const key = await operator.sh('cat ~/.ssh/id_ed25519.pub');
  await Promise.all(lab.managers.map((machine) => addUser(machine, `${key}\n`)));
  expect(await doctorSays()).toContain('where there is no Swarm yet, `docker swarm init` makes one');

  const [first, ...others] = lab.managers;
  const address = await addressOf(lab, first);
  const init = shown('docker swarm init --advertise-addr 10.0.0.1', { '10.0.0.1': address });
  await first.run(init.split(' '));
  const printed = await first.run(shown('docker swarm join-token manager').split(' '));
  const [join = ''] = /docker swarm join --token .*/.exec(printed) ?? [];
  for (const machine of others) await machine.run(join.split(' '));
  const nodes = await first.run(shown('docker node ls').split(' '));
  expect(nodes.match(/ Ready .* (Leader|Reachable) /g)).toHaveLength(3);

  const { code, stdout, stderr } = await probe.run(['doctor']);
  expect(code, stdout + stderr).toBe(0);
  expect(stdout).toContain('ok   managers: 3 managers; 1 more may fail');
  expect(stdout).toContain('ok   sshd: bastion.lab: keys only, no root, named users only');
  const deployed = await probe.run(['deploy']);
  expect(deployed.stdout, deployed.stderr).toContain('this is release r1');
});
