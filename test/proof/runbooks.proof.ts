// Proves: docs/how-to/runbooks.md brings a Swarm back that lost a node, most managers, or all.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { addressOf } from '../../src/lab/address.ts';
import { until } from '../../src/lab/engine.ts';
import type { Machine } from '../../src/lab/machine.ts';
import { engineReady, hasQuorum } from '../../src/lab/swarm.ts';
import { killEngine, restartEngine } from '../lab/faults.ts';
import { labUp } from '../lab/lab.ts';
import { Operator } from '../lab/operator.ts';
import { Probe } from '../lab/probe.ts';
import { reset } from '../lab/reset.ts';
import { shown } from '../lab/shown.ts';

/** What docs/how-to/runbooks.md says to do when managers are gone for ever, done. */
const lab = await labUp();
const [m1, m2, m3] = lab.managers;
const probe = new Probe(new Operator(lab));
const SWARM = '/var/lib/docker/swarm';
const BACKUP = '/var/lib/docker/backup';

beforeAll(async () => {
  await reset(lab);
  await probe.operator.checkOut();
  await probe.setUp();
});
afterAll(() => reset(lab));

async function deploy(tag: string): Promise<string> {
  const { code, stdout, stderr } = await probe.run(['deploy'], { DEPLOY_TAG: tag });
  expect(code, stderr).toBe(0);
  return stdout;
}

/** The others will not come back. */
async function loseOthers(): Promise<void> {
  await Promise.all([m2, m3].map((machine) => machine.run(['docker', 'swarm', 'leave', '--force'])));
}

async function forceNew(): Promise<void> {
  const address = await addressOf(lab, m1);
  const force = 'docker swarm init --force-new-cluster --advertise-addr 10.0.0.1';
  await m1.run(shown(force, { '10.0.0.1': address }).split(' '));
  await until('it leads', async () => (await m1.exec(['docker', 'node', 'ls'])).code === 0);
}

/** Takes a node out that is gone for ever. */
const removeNode = (node: string) =>
  m1.run(shown('docker node rm --force <node>', { '<node>': node }).split(' '));

async function joinOthers(): Promise<void> {
  const nodes = await m1.run(['docker', 'node', 'ls', '--format', '{{.ID}} {{.Status}}']);
  for (const [, id = ''] of nodes.matchAll(/^(\w+) (?!Ready)/gm)) await removeNode(id);
  await join([m2, m3]);
}

async function join(machines: readonly Machine[]): Promise<void> {
  const token = await m1.run(['docker', 'swarm', 'join-token', '--quiet', 'manager']);
  const leader = `${await addressOf(lab, m1)}:2377`;
  for (const machine of machines) await machine.run(['docker', 'swarm', 'join', '--token', token, leader]);
  await until('three managers are ready', () => hasQuorum(m1));
}

test('a node is gone: it is taken out, and another joins', async () => {
  await deploy('v0');
  await m3.run(['docker', 'swarm', 'leave', '--force']);
  await until('it is seen as down', async () => /^ {2}m3 +down/m.test((await probe.run(['status'])).stdout));
  await m1.run(shown('docker node demote <node>', { '<node>': 'm3' }).split(' '));
  await removeNode('m3');
  await join([m3]);
  expect(await deploy('v0')).toContain('this is release r2');
});

test('most managers are gone: the one that is left knows everything still', async () => {
  await deploy('v1');
  await loseOthers();
  await until('there is no leader', async () => (await m1.exec(['docker', 'node', 'ls'])).code !== 0);
  const { stderr } = await probe.run(['status']);
  expect(stderr).toContain('too few managers are online');
  await forceNew();
  await joinOthers();
  expect((await probe.run(['status'])).stdout).toContain('probe: r3, v1, deployed');
  expect(await deploy('v2')).toContain('this is release r4');
});

test('all managers are gone: a backup brings the Swarm back, releases and all', async () => {
  await killEngine(m1);
  await m1.run(['cp', '-a', SWARM, BACKUP]);
  await restartEngine(m1);
  await until('three managers are ready', () => hasQuorum(m1));
  await loseOthers();
  await m1.run(['docker', 'swarm', 'leave', '--force']);
  await killEngine(m1);
  await m1.run(['sh', '-c', `rm -rf ${SWARM} && mv ${BACKUP} ${SWARM}`]);
  await restartEngine(m1);
  await engineReady(m1);
  await forceNew();
  await joinOthers();
  expect((await probe.run(['releases'])).stdout).toMatch(/^r4 +runs[\s\S]*^r3 +deployed/m);
  expect(await deploy('v3')).toContain('this is release r5');
});
