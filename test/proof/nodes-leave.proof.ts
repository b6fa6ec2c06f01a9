// Proves: a node that is drained, or dies with tasks of the service or while it pulls, does not end a deploy, or is named.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { addressOf } from '../../src/lab/address.ts';
import { until } from '../../src/lab/engine.ts';
import type { Machine, Output } from '../../src/lab/machine.ts';
import { REGISTRY } from '../../src/lab/topology.ts';
import { FAILURES } from '../../src/shared/errors.ts';
import { askSwarm } from '../lab/ask-swarm.ts';
import { findResidue, readOpenRecords, readRollout } from '../lab/cluster.ts';
import { killEngine, restartEngine } from '../lab/faults.ts';
import { labUp } from '../lab/lab.ts';
import { IMAGE, type Parts } from '../lab/probe.ts';
import { reset } from '../lab/reset.ts';
import { runMeanwhile } from '../lab/run-meanwhile.ts';
import { SlowRollout } from '../lab/slow-rollout.ts';

/** In the middle of a rollout, of a node that is not the leader. */
const lab = await labUp();
const [m1] = lab.managers;
const slow = new SlowRollout(lab);
const pinnedTo = ({ name }: Machine) => ({
  placement: `placement: { constraints: ["node.hostname == ${name}"] }`,
});

beforeAll(() => slow.setUp());
beforeEach(() => until('no other leader is elected', () => slow.isCalm()));
afterAll(() => reset(lab));
afterEach(async () => expect(await findResidue(lab), 'credentials left behind').toEqual([]));

const setAvailability = (node: Machine, availability: string) =>
  m1.run(['docker', 'node', 'update', '--availability', availability, node.name]);

async function restart(node: Machine): Promise<void> {
  await restartEngine(node);
  await until('it is back', () => slow.isHealthy());
}

const GOES_ON = '{ parallelism: 1, delay: 1s, monitor: 2s, failure_action: continue }';
const WATCHES = '{ parallelism: 1, delay: 1s, monitor: 120s, failure_action: pause }';

async function readNodesOfWeb(): Promise<readonly string[]> {
  const format = ['--filter', 'desired-state=running', '--format', '{{.Node}}'];
  return (await m1.run(['docker', 'service', 'ps', ...format, 'probe_web'])).split('\n');
}

/** The node on which a task of the new version runs. */
async function findNewest(): Promise<string> {
  const tasks = await askSwarm<
    { NodeID: string; Spec: { ContainerSpec: { Env: string[] } }; Status: { State: string } }[]
  >(lab, '/tasks', { service: ['probe_web'], 'desired-state': ['running'] });
  const newest = tasks.find(
    ({ Spec, Status }) =>
      Status.State === 'running' && Spec.ContainerSpec.Env.includes(`VERSION=${slow.version}`),
  );
  return m1.run(['docker', 'node', 'inspect', '--format', '{{.Description.Hostname}}', newest?.NodeID ?? '']);
}

test('one that is drained: its tasks run elsewhere, and the rollout goes on', async () => {
  const node = await slow.findOther();
  try {
    const drain = () => setAvailability(node, 'drain');
    const { code, stdout, stderr } = await slow.deployAnd(drain, {}, { update: GOES_ON });
    expect(code, stdout + stderr).toBe(0);
    await slow.expectVersion(slow.version);
    expect(await readNodesOfWeb()).not.toContain(node.name);
  } finally {
    await setAvailability(node, 'active');
  }
});

test('one that is drained under a task that Swarm watches, for which it pauses: it is named, and all is as it was', async () => {
  const before = await readRollout(lab);
  let name = '';
  try {
    const drain = async () => {
      name = await findNewest();
      await m1.run(['docker', 'node', 'update', '--availability', 'drain', name]);
    };
    const { code, stdout, stderr } = await slow.deployAnd(drain, {}, { update: WATCHES });
    expect(code, stdout + stderr).toBe(FAILURES.NOT_CONVERGED);
    expect(stderr).toContain('probe_web: Swarm paused its update');
    expect(stderr).toContain(`${name} is drained: Swarm stopped the task for it`);
  } finally {
    if (name) await m1.run(['docker', 'node', 'update', '--availability', 'active', name]);
  }
  expect(await readRollout(lab)).toEqual(before);
});

test('one that is drained, and is the only one that may run it: it is named, then and of what cannot come back', async () => {
  const node = await slow.findOther();
  await slow.deployNext(pinnedTo(node));
  const { version } = slow;
  const before = await readRollout(lab);
  try {
    const env = { PROGRESS_DEADLINE: '30' };
    const drain = () => setAvailability(node, 'drain');
    const { code, stdout, stderr } = await slow.deployAnd(drain, env, pinnedTo(node));
    expect(code, stdout + stderr).toBe(FAILURES.RESTORE_FAILED);
    const named = stderr.split(`${node.name} is drained, and no other node fits`);
    expect(named.length, stderr).toBeGreaterThan(2);
    expect((await readRollout(lab)).specs).toEqual(before.specs);
  } finally {
    await setAvailability(node, 'active');
  }
  // As the message says, once the node is back.
  await slow.deployNext(pinnedTo(node), ['--on-interrupted=rollback']);
  await slow.expectVersion(version + 2);
  expect(await readOpenRecords(lab)).toEqual([]);
});

test('one whose engine dies: its tasks run elsewhere, if Swarm moves them', async () => {
  const node = await slow.findOther();
  const before = await readRollout(lab);
  try {
    const { code, stdout, stderr } = await slow.deployAnd(() => killEngine(node));
    if (code === 0) return await slow.expectVersion(slow.version);
    // As when it is cut off, see rollout-faults.proof.ts.
    expect(code, stdout + stderr).toBe(FAILURES.NOT_CONVERGED);
    expect(stderr).toMatch(/m\d is (down|unknown), and Swarm left the task with it/);
    expect((await readRollout(lab)).specs).toEqual(before.specs);
  } finally {
    await restart(node);
  }
});

test('one whose engine dies, and is the only one that may run it: the same', async () => {
  const node = await slow.findOther();
  await slow.deployNext(pinnedTo(node));
  const before = await readRollout(lab);
  try {
    const env = { PROGRESS_DEADLINE: '90' };
    const { code, stdout, stderr } = await slow.deployAnd(() => killEngine(node), env, pinnedTo(node));
    expect(code, stdout + stderr).toBe(FAILURES.RESTORE_FAILED);
    expect(stderr).toMatch(new RegExp(`${node.name} is (down|unknown), and`));
    expect((await readRollout(lab)).specs).toEqual(before.specs);
  } finally {
    await restart(node);
  }
  await slow.deployNext(pinnedTo(node), ['--on-interrupted=rollback']);
  expect(await readOpenRecords(lab)).toEqual([]);
});

describe('one that goes away while it pulls an image', () => {
  const image = `${REGISTRY.host}/probe/app`;
  const readPull = (node: Machine) =>
    m1.exec([
      ...['docker', 'service', 'ps', '--filter', `node=${node.name}`],
      ...['--format', '{{.CurrentState}}, to be {{.DesiredState}}', 'probe-waggle-pull_web'],
    ]);

  /** The node cannot reach the registry, so that its engine dies in the middle; `then` runs once Swarm has noticed. */
  async function loseWhilePulling(
    node: Machine,
    change: Partial<Parts>,
    then: () => Promise<unknown>,
  ): Promise<Output> {
    const { probe } = slow;
    await probe.setFile('app/Dockerfile', `FROM ${IMAGE}\nRUN cat /proc/sys/kernel/random/uuid >/stamp\n`);
    await probe.setStack({ ...slow.next(), ...change, image, web: 'build: { context: app }' });
    await probe.operator.commit(`image ${slow.version}`);
    const wire = ['OUTPUT', '-d', await addressOf(lab, lab.registry), '-j', 'DROP'];
    const heal = async () => {
      while ((await node.exec(['iptables', '-D', ...wire])).code === 0);
    };
    await heal();
    await node.run(['iptables', '-I', ...wire]);
    const env = { DEPLOY_TAG: `v${slow.version}`, DEPLOY_TIMEOUT: '300' };
    return runMeanwhile(probe.operator, ['deploy', '--env', 'probe'], env, async ({ says }) => {
      await says('> pull the images on the nodes');
      await until('it pulls', async () => (await readPull(node)).stdout.includes('Preparing'));
      await killEngine(node);
      const statusOf = ['docker', 'node', 'inspect', '--format', '{{.Status.State}}', node.name];
      await until('the node is down', async () => (await m1.run(statusOf)) === 'down');
      await heal();
      await then();
    });
  }

  const listImages = (node: Machine) =>
    node.run(['docker', 'image', 'ls', '--quiet', '--no-trunc', '--filter', `reference=${image}`]);

  test('and stays away: it is left out and named, and the deploy goes on', async () => {
    const node = await slow.findOther();
    try {
      const { code, stdout, stderr } = await loseWhilePulling(node, {}, async () => {});
      expect(code, stdout + stderr).toBe(0);
      expect(stdout + stderr).toContain(`${node.name} is away: ${image}`);
      await slow.expectVersion(slow.version);
    } finally {
      await restart(node);
    }
  });

  test('and comes back: it pulls again, and the deploy goes on', async () => {
    const node = await slow.findOther();
    const before = await listImages(node);
    const back = () => restartEngine(node);
    const { code, stdout, stderr } = await loseWhilePulling(node, pinnedTo(node), back);
    expect(code, stdout + stderr).toBe(0);
    expect(stdout + stderr).toContain(`Swarm stopped the pull on ${node.name}: pulling again`);
    await slow.expectVersion(slow.version);
    expect(await listImages(node)).not.toBe(before);
  });
});
