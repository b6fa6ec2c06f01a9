// Proves: a Docker that stops answering ends no deploy while another manager is named, and with one only the run ends in time.
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { until } from '../../src/lab/engine.ts';
import type { Output } from '../../src/lab/machine.ts';
import { PROJECT } from '../../src/lab/move-in.ts';
import { hasQuorum } from '../../src/lab/swarm.ts';
import { FAILURES } from '../../src/shared/errors.ts';
import { findResidue, readOpenRecords, readRollout } from '../lab/cluster.ts';
import { DisturbedDeploys } from '../lab/disturbed-deploys.ts';
import { hangEngine, wakeEngine } from '../lab/faults.ts';
import {
  awaitHeld,
  freeStackDeploys,
  holdStackDeploys,
  letGoStackDeploys,
} from '../lab/held-stack-deploy.ts';
import { NODES } from '../lab/operator.ts';
import { probeOnCleanLab } from '../lab/probe-on-clean-lab.ts';
import { type Run, runMeanwhile } from '../lab/run-meanwhile.ts';

const { lab, probe } = await probeOnCleanLab();
const [m1, m2] = lab.managers;
const GO_ON = '/tmp/go-on';

afterEach(async () => expect(await findResidue(lab), 'credentials left behind').toEqual([]));

describe('a Docker that hangs', () => {
  const SEVERAL = { DEPLOY_MANAGER_HOST: 'm1,m2', DEPLOY_MANAGER_SSH_PORT: '' };
  const LEFT = 'm1: Docker has stopped answering: the next manager takes over';
  const STOPPED = /bastion\.lab: (Docker has stopped answering|its engine does not answer)/;
  /** No task has to stop on m1, so that nothing but the manager is missing; half of the rollout takes this long. */
  const elsewhere = 'placement: { constraints: ["node.hostname != m1"] }';
  const slow = new DisturbedDeploys(probe, {
    parts: {
      placement: elsewhere,
      side: `replicas: 1, ${elsewhere}`,
      update: '{ parallelism: 1, delay: 15s, monitor: 5s }',
    },
  });
  const HALF_WAY = 'probe_web 1/2';

  beforeAll(async () => {
    await lab.workstation.writeFile('/home/operator/.ssh/config', NODES, {
      mode: '600',
      owner: 'operator:operator',
    });
    await slow.next();
    const { code, stderr } = await probe.run(['deploy'], slow.tag);
    expect(code, stderr).toBe(0);
  });
  afterAll(() => lab.workstation.run(['rm', '-f', '/home/operator/.ssh/config']));

  /** All nodes are ready again, and nothing of the last run is left for the next case. */
  afterEach(async () => {
    await wakeEngine(m1);
    await freeStackDeploys(m1);
    await lab.workstation.run(['rm', '-rf', GO_ON, `${PROJECT}/deploy/probe/hooks`]);
    await until('there is a quorum', () => hasQuorum(m1));
    const states = ['docker', 'node', 'ls', '--format', '{{.Status}}'];
    await until('all nodes are ready', async () => !/Down|Unknown/.test(await m2.run(states)));
    const { code, stdout, stderr } = await probe.run(['deploy', '--on-interrupted=rollback'], slow.tag);
    expect(code, stdout + stderr).toBe(0);
    await slow.expectDeployed();
    expect(await readOpenRecords(lab), 'locks and journals left behind').toEqual([]);
  });

  /** It hangs while a hook of the run is at work. */
  async function hangInHook(env: Readonly<Record<string, string>>): Promise<Output> {
    await probe.setHook('pre-deploy', `until [ -e ${GO_ON} ]; do sleep 0.1; done`);
    return slow.deployAnd(
      '> run the hook pre-deploy',
      async () => {
        await hangEngine(m1);
        await lab.workstation.writeFile(GO_ON, '');
      },
      env,
    );
  }

  /** It hangs before the client of this run has asked it for anything. */
  async function hangInStackDeploy(env: Readonly<Record<string, string>>): Promise<Output> {
    await holdStackDeploys(m1);
    return slow.deployAnd(
      '> deploy the stack',
      async () => {
        await awaitHeld(m1);
        await hangEngine(m1);
        await letGoStackDeploys(m1);
      },
      env,
    );
  }

  /** How long the rest of the run took. */
  async function timing(
    run: (hang: () => Promise<void>) => Promise<Output>,
  ): Promise<Output & { s: number }> {
    let began = 0;
    const output = await run(async () => {
      await hangEngine(m1);
      began = performance.now();
    });
    return { ...output, s: Math.round((performance.now() - began) / 1000) };
  }

  test('in a hook: the next manager serves', async () => {
    const { code, stdout, stderr } = await hangInHook(SEVERAL);
    expect(code, stdout + stderr).toBe(0);
    expect(stdout + stderr).toContain(LEFT);
  });

  test('in the middle of a rollout: the next manager serves', async () => {
    const { code, stdout, stderr, s } = await timing((hang) => slow.deployAnd(HALF_WAY, hang, SEVERAL));
    console.log(`figure: hung in the rollout, two managers: exit ${code} ${s} s later`);
    expect(code, stdout + stderr).toBe(0);
    expect(stdout + stderr).toContain(LEFT);
  });

  test('during `docker stack deploy`: the next manager serves', async () => {
    const { code, stdout, stderr } = await hangInStackDeploy(SEVERAL);
    expect(code, stdout + stderr).toBe(0);
    expect(stdout + stderr).toContain(LEFT);
  });

  test('in a hook, and there is no other manager: nothing is changed', async () => {
    const before = await readRollout(lab);
    const { code, stdout, stderr } = await hangInHook({});
    expect(code, stdout + stderr).toBe(FAILURES.UNREACHABLE);
    expect(stderr).toMatch(STOPPED);
    await wakeEngine(m1);
    await until('there is a quorum', () => hasQuorum(m1));
    expect(await readRollout(lab)).toEqual(before);
  });

  test('during `docker stack deploy`, and there is no other manager: the run says so', async () => {
    const { code, stdout, stderr } = await hangInStackDeploy({});
    expect(code, stdout + stderr).toBe(FAILURES.RESTORE_FAILED);
    expect(stderr).toMatch(STOPPED);
  });

  test.each([
    [{ DEPLOY_TIMEOUT: '60' }, 'the stack did not converge within 60 s: the manager does not answer'],
    [{ PROGRESS_DEADLINE: '30' }, 'there is no progress for 30 s: the manager does not answer'],
  ])('in the middle of a rollout, and there is no other manager: %o ends the run', async (deadline, said) => {
    const { code, stdout, stderr, s } = await timing((hang) => slow.deployAnd(HALF_WAY, hang, deadline));
    console.log(
      `figure: hung in the rollout, one manager, ${Object.keys(deadline)}: exit ${code} ${s} s later`,
    );
    expect(code, stdout + stderr).toBe(FAILURES.RESTORE_FAILED);
    expect(stderr).toContain(said);
    expect(stderr).toContain('bring the manager back');
    expect(stderr).toMatch(STOPPED);
  });

  test('in the middle of a rollout, and there is no other manager: Ctrl-C ends the run', async () => {
    await slow.next();
    let began = 0;
    let stoppedMs = 0;
    const meanwhile = async ({ says, kill }: Run) => {
      await says(HALF_WAY);
      await hangEngine(m1);
      await sleep(2_000);
      began = performance.now();
      await kill('SIGINT');
      await says('> put the stack back as it was');
      stoppedMs = performance.now() - began;
      await kill('SIGINT');
    };
    const argv = ['deploy', '--env', 'probe'];
    const { code, stdout, stderr } = await runMeanwhile(probe.operator, argv, slow.tag, meanwhile);
    const s = Math.round((performance.now() - began) / 1000);
    console.log(
      `figure: hung, Ctrl-C: stopping after ${Math.round(stoppedMs)} ms, exit ${code} ${s} s later`,
    );
    expect(stoppedMs).toBeLessThan(10_000);
    expect(code, stdout + stderr).toBe(FAILURES.RESTORE_FAILED);
    expect(stdout + stderr).toContain('already stopping, waiting for: put the stack back as it was');
    expect(stderr).toContain('stopped by SIGINT');
  });
});
