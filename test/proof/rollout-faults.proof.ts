// Proves: what happens to nodes, leaders and services during a rollout is called by its name, and the stack is whole after.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { until } from '../../src/lab/engine.ts';
import type { Machine } from '../../src/lab/machine.ts';
import { FAILURES } from '../../src/shared/errors.ts';
import { findResidue, readRollout, readRunning } from '../lab/cluster.ts';
import { cutNetwork, healNetwork, killEngine, restartEngine } from '../lab/faults.ts';
import { labUp } from '../lab/lab.ts';
import { endRace, raceStackDeploy } from '../lab/raced-stack-deploy.ts';
import { reset } from '../lab/reset.ts';
import { SLOW, SlowRollout } from '../lab/slow-rollout.ts';

/** What happens to a cluster, or to its services, in the middle of a rollout: what Waggle calls it, and what is then. */
const lab = await labUp();
const [m1] = lab.managers;
const slow = new SlowRollout(lab);
const { probe } = slow;
const { operator } = probe;
const healthy = () => slow.isHealthy();

beforeAll(() => slow.setUp());
afterAll(() => reset(lab));
afterEach(async () => expect(await findResidue(lab), 'credentials left behind').toEqual([]));

let before: Awaited<ReturnType<typeof readRollout>>;
beforeEach(async () => {
  await until('no other leader is elected', () => slow.isCalm());
  before = await readRollout(lab);
});

describe('a rollout goes on', () => {
  test('when a node dies: its tasks run elsewhere, if Swarm moves them', async () => {
    const victim = await slow.findOther();
    try {
      const { code, stdout, stderr } = await slow.deployAnd(() => cutNetwork(victim));
      if (code === 0) return await slow.expectVersion(slow.version);
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
    const leader = await slow.findLeader();
    const other = (leader % 3) + 1;
    const machine = lab.managers[leader - 1] as Machine;
    try {
      const { code, stdout, stderr } = await slow.deployAnd(() => killEngine(machine), {
        DEPLOY_MANAGER_SSH_PORT: String(2200 + other),
      });
      expect(code, stdout + stderr).toBe(0);
    } finally {
      await restartEngine(machine);
      await until('it is back', healthy);
    }
    expect(await slow.findLeader()).not.toBe(leader);
    await slow.expectVersion(slow.version);
  });

  test('when the engine of the very manager is restarted', async () => {
    // Swarm would pause the update, which is to be told as it is: here it is to go on.
    const update = '{ parallelism: 1, delay: 1s, monitor: 2s, failure_action: continue }';
    const restart = async () => {
      await killEngine(m1);
      await restartEngine(m1);
    };
    const { code, stdout, stderr } = await slow.deployAnd(restart, {}, { update });
    expect(code, stdout + stderr).toBe(0);
    await until('it is back', healthy);
    await slow.expectVersion(slow.version);
  });

  test('when Docker is refused a change for one that Swarm made at the same moment', async () => {
    let said = '';
    try {
      // Now and then Docker is faster.
      for (let tries = 0; tries < 5 && !said.includes('running docker stack deploy again'); tries++) {
        await endRace(m1);
        await raceStackDeploy(m1, 'probe_web');
        await probe.setStack(slow.next());
        const { code, stdout, stderr } = await probe.run(['deploy']);
        expect(code, stderr).toBe(0);
        said = stdout;
      }
    } finally {
      await endRace(m1);
    }
    expect(said).toContain('at the same moment: running docker stack deploy again');
    await slow.expectVersion(slow.version);
  });
});

describe('a rollout is taken back', () => {
  afterEach(async () => expect(await readRollout(lab)).toEqual(before));

  test('when somebody else updates a service meanwhile', async () => {
    const { code, stderr } = await slow.deployAnd(() =>
      m1.run(['docker', 'service', 'update', '--detach', '--quiet', '--env-add', 'OTHER=1', 'probe_web']),
    );
    expect(code, stderr).toBe(FAILURES.DEPLOY_FAILED);
    expect(stderr).toContain('probe_web was changed meanwhile: env OTHER added');
  });

  test('when somebody else removes a service meanwhile', async () => {
    const { code, stderr } = await slow.deployAnd(() => m1.run(['docker', 'service', 'rm', 'probe_side']));
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
      environment: `{ VERSION: "${slow.version}" }`,
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
    await probe.setStack({ ...slow.next(), extra, top: '' });
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
