// Proves: what happens to nodes, leaders and services during a rollout is called by its name, and the stack is whole after.
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { until } from '../../src/lab/engine.ts';
import type { Machine, Output } from '../../src/lab/machine.ts';
import { hasQuorum } from '../../src/lab/swarm.ts';
import { FAILURES } from '../../src/shared/errors.ts';
import { findResidue, readRollout, readRunning, readServices } from '../lab/cluster.ts';
import { cutNetwork, healNetwork, killEngine, restartEngine } from '../lab/faults.ts';
import { labUp } from '../lab/lab.ts';
import { Operator } from '../lab/operator.ts';
import { Probe } from '../lab/probe.ts';
import { reset } from '../lab/reset.ts';

/** What happens to a cluster, or to its services, in the middle of a rollout: what Waggle calls it, and what is then. */
const lab = await labUp();
const [m1] = lab.managers;
const operator = new Operator(lab);
const probe = new Probe(operator);

/** One task after the other: long enough for something to happen meanwhile. */
const SLOW = {
  deploy: 'replicas: 3',
  update: '{ parallelism: 1, delay: 1s, monitor: 2s, failure_action: pause }',
};
let version = 0;
const next = () => ({ ...SLOW, environment: `{ VERSION: "${++version}" }` });

beforeAll(async () => {
  await reset(lab);
  await operator.checkOut();
  await probe.setUp();
  await probe.setStack(next());
  const { code, stderr } = await probe.run(['deploy']);
  expect(code, stderr).toBe(0);
});
afterAll(() => reset(lab));
afterEach(async () => expect(await findResidue(lab), 'credentials left behind').toEqual([]));

let before: Awaited<ReturnType<typeof readRollout>>;
beforeEach(async () => {
  await until('no other leader is elected', isCalm);
  before = await readRollout(lab);
});

/** Deploys a new version of a service of three tasks, of which one is replaced when `meanwhile` begins. */
async function deployAnd(meanwhile: () => Promise<unknown>, env = {}, change = {}): Promise<Output> {
  await probe.setStack({ ...next(), ...change });
  let printed = '';
  const running = operator.startWaggle(['deploy', '--env', 'probe'], {
    // A slow machine takes its time to see that a node is gone.
    env: { DEPLOY_TAG: 'v1', DEPLOY_TIMEOUT: '400', PROGRESS_DEADLINE: '300', ...env },
    onOutput: (text) => (printed += text),
  });
  let isOver = false;
  void running.output.then(() => (isOver = true));
  await until('a task is replaced', async () => isOver || printed.includes('probe_web 1/3'));
  expect(isOver, printed).toBe(false);
  await meanwhile();
  return running.output;
}

/** All tasks of the service run this version, wherever they are. */
async function expectVersion(wanted: number): Promise<void> {
  await until('three run', async () => (await probe.tasks()).web?.length === 3);
  const web = (await readServices(lab)).find(({ Spec }) => Spec.Name === 'probe_web');
  expect(web?.Spec.TaskTemplate.ContainerSpec.Env).toContain(`VERSION=${wanted}`);
}

const healthy = async () => (await hasQuorum(m1)) && !(await nodes()).includes('Down');
const nodes = () =>
  m1.run(['docker', 'node', 'ls', '--format', '{{.Hostname}} {{.Status}} {{.ManagerStatus}}']);

async function findLeader(): Promise<number> {
  const [line = ''] = (await nodes()).split('\n').filter((node) => node.includes('Leader'));
  return Number(line.match(/m(\d)/)?.[1]);
}

/** A manager that comes back may start an election: for a moment every change is then refused. */
async function isCalm(): Promise<boolean> {
  const leader = await findLeader();
  await sleep(10_000);
  return (await healthy()) && leader === (await findLeader());
}

describe('a rollout goes on', () => {
  test('when a node dies: its tasks run elsewhere, if Swarm moves them', async () => {
    const leader = await findLeader();
    const victim = lab.managers[leader === 3 ? 1 : 2] as Machine;
    try {
      const { code, stdout, stderr } = await deployAnd(() => cutNetwork(victim));
      if (code === 0) return await expectVersion(version);
      // Now and then moby 26.1.5 leaves a task with the node for good: that is told, and taken back.
      expect(code, stdout + stderr).toBe(FAILURES.NOT_CONVERGED);
      expect(stderr).toMatch(/m\d is (down|unknown), and Swarm left the task with it/);
      expect((await readRollout(lab)).specs).toEqual(before.specs);
    } finally {
      await healNetwork(victim);
      await until('it is back', healthy);
    }
  });

  test('when the leader dies, and another is elected', async () => {
    const leader = await findLeader();
    const other = (leader % 3) + 1;
    const machine = lab.managers[leader - 1] as Machine;
    try {
      const { code, stdout, stderr } = await deployAnd(() => killEngine(machine), {
        DEPLOY_MANAGER_SSH_PORT: String(2200 + other),
      });
      expect(code, stdout + stderr).toBe(0);
    } finally {
      await restartEngine(machine);
      await until('it is back', healthy);
    }
    expect(await findLeader()).not.toBe(leader);
    await expectVersion(version);
  });

  test('when the engine of the very manager is restarted', async () => {
    // Swarm would pause the update, which is to be told as it is: here it is to go on.
    const update = '{ parallelism: 1, delay: 1s, monitor: 2s, failure_action: continue }';
    const restart = async () => {
      await killEngine(m1);
      await restartEngine(m1);
    };
    const { code, stdout, stderr } = await deployAnd(restart, {}, { update });
    expect(code, stdout + stderr).toBe(0);
    await until('it is back', healthy);
    await expectVersion(version);
  });
});

describe('a rollout is taken back', () => {
  afterEach(async () => expect(await readRollout(lab)).toEqual(before));

  test('when somebody else updates a service meanwhile', async () => {
    const { code, stderr } = await deployAnd(() =>
      m1.run(['docker', 'service', 'update', '--detach', '--quiet', '--env-add', 'OTHER=1', 'probe_web']),
    );
    expect(code, stderr).toBe(FAILURES.DEPLOY_FAILED);
    expect(stderr).toContain('probe_web was changed meanwhile: env OTHER added');
  });

  test('when somebody else removes a service meanwhile', async () => {
    const { code, stderr } = await deployAnd(() => m1.run(['docker', 'service', 'rm', 'probe_side']));
    expect(code, stderr).toBe(FAILURES.NOT_CONVERGED);
    expect(stderr).toContain('probe_side is gone');
  });

  const crash = (after: number) => `entrypoint: [sh, -c, "sleep ${after}; echo no luck; exit 1"]`;
  test.each([
    ['Swarm rolled it back', 'Swarm rolled it back', 8, 'monitor: 30s, failure_action: rollback'],
    ['Swarm paused it', 'Swarm paused its update', 8, 'monitor: 30s, failure_action: pause'],
    [
      'a task crashes after 20 s, within its monitor time',
      'Swarm paused its update',
      20,
      'monitor: 40s, failure_action: pause',
    ],
  ])('when %s', async (_what, said, after, update) => {
    await probe.setStack({
      ...SLOW,
      environment: `{ VERSION: "${version}" }`,
      web: crash(after),
      update: `{ parallelism: 1, ${update} }`,
    });
    const { code, stderr } = await probe.run(['deploy']);
    expect(code, stderr).toBe(FAILURES.NOT_CONVERGED);
    expect(stderr).toContain(`probe_web: ${said}`);
    expect(stderr).toContain('| no luck');
    expect(stderr).toContain('probe_web: it differs from what ran before: entrypoint added: ["sh","-c"');
  });

  test('when a secret is removed under it, before the first task stops', async () => {
    await m1.run(['docker', 'secret', 'create', 'theirs', '-'], { input: 'x' });
    const go = '/home/operator/go';
    await operator.sh('mkdir -p deploy/probe/hooks');
    await probe.setFile('hooks/pre-deploy', `#!/bin/sh\nwhile ! [ -e ${go} ]; do sleep 0.1; done\n`);
    await operator.sh('chmod +x deploy/probe/hooks/pre-deploy');
    const extra = `side2: { image: "${(await readRunning(lab))[0]?.image}", secrets: [theirs] }`;
    await probe.setStack({ ...next(), extra, top: '' });
    await operator.sh(
      `sed -i 's/^secrets: { /secrets: { theirs: { external: true }, /' deploy/probe/stack.yml`,
    );
    let printed = '';
    const running = operator.startWaggle(['deploy', '--env', 'probe'], {
      env: { DEPLOY_TAG: 'v1' },
      onOutput: (text) => (printed += text),
    });
    try {
      await until('everything was checked', async () => printed.includes('> run the hook pre-deploy'));
      await m1.run(['docker', 'secret', 'rm', 'theirs']);
    } finally {
      await operator.sh(`touch ${go}`);
    }
    const { code, stderr } = await running.output;
    await operator.sh(`rm -rf ${go} deploy/probe/hooks`);
    expect(code, stderr).toBe(FAILURES.DEPLOY_FAILED);
    expect(stderr).toContain('secret not found: theirs');
  });
});
