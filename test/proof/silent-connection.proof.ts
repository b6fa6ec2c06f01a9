// Proves: a connection whose packets vanish, or a Docker that hangs, is given up; the deploy goes on by another, or ends in time and says why.
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { until } from '../../src/lab/engine.ts';
import { PROJECT } from '../../src/lab/move-in.ts';
import { hasQuorum } from '../../src/lab/swarm.ts';
import { FAILURES } from '../../src/shared/errors.ts';
import { findResidue, readOpenRecords, readRollout } from '../lab/cluster.ts';
import { DisturbedDeploys } from '../lab/disturbed-deploys.ts';
import { hangEngine, healSilence, silenceSsh, wakeEngine } from '../lab/faults.ts';
import {
  awaitHeld,
  countStackDeploys,
  freeStackDeploys,
  holdStackDeploys,
  letGoStackDeploys,
} from '../lab/held-stack-deploy.ts';
import { NODES } from '../lab/operator.ts';
import { probeOnCleanLab } from '../lab/probe-on-clean-lab.ts';

/** As when a laptop sleeps, or a NAT forgets: the system itself would take a quarter of an hour to notice. */
const { lab, probe } = await probeOnCleanLab();
const [m1, m2] = lab.managers;
const deploys = new DisturbedDeploys(probe);

afterEach(async () => expect(await findResidue(lab), 'credentials left behind').toEqual([]));

describe('a connection that falls silent', () => {
  test.each(['ask the cluster', 'wait for convergence'])(
    'at "%s" is noticed, and the deploy goes on by another',
    async (step) => {
      try {
        const { code, stderr } = await deploys.deployAnd(`> ${step}`, () => silenceSsh(lab));
        expect(code, stderr).toBe(0);
      } finally {
        await healSilence(lab);
      }
      await deploys.expectDeployed();
    },
  );

  test('during `docker stack deploy`, which is done once all the same', async () => {
    try {
      await holdStackDeploys(m1);
      const { code, stderr } = await deploys.deployAnd('> deploy the stack', async () => {
        await awaitHeld(m1);
        await silenceSsh(lab);
        // Begun again by another connection, it waits for the first.
        await until(
          'it is asked for again',
          async () => (await m1.exec(['pgrep', '-x', 'flock'])).code === 0,
        );
        await letGoStackDeploys(m1);
      });
      expect(code, stderr).toBe(0);
      expect(await countStackDeploys(m1)).toBe(1);
    } finally {
      await freeStackDeploys(m1);
      await healSilence(lab);
    }
    await deploys.expectDeployed();
  });

  test('for good, before any change: nothing is changed', async () => {
    const before = await readRollout(lab);
    const goOn = '/tmp/go-on';
    try {
      await probe.setHook('pre-deploy', `until [ -e ${goOn} ]; do sleep 0.1; done`);
      const { code, stderr } = await deploys.deployAnd('> run the hook pre-deploy', async () => {
        await silenceSsh(lab, { all: true });
        await lab.workstation.writeFile(goOn, '');
      });
      expect(code, stderr).toBe(FAILURES.UNREACHABLE);
      expect(stderr).toContain('cannot connect to deploy@bastion.lab:2201: no answer');
    } finally {
      await healSilence(lab);
      await lab.workstation.run(['rm', '-rf', goOn, `${PROJECT}/deploy/probe/hooks`]);
    }
    expect(await readRollout(lab)).toEqual(before);
  });

  test('for good, during `docker stack deploy`: it says so, and the next run puts back what was begun', async () => {
    const before = await readRollout(lab);
    try {
      await holdStackDeploys(m1);
      const { code, stderr } = await deploys.deployAnd('> deploy the stack', async () => {
        await awaitHeld(m1);
        await silenceSsh(lab, { all: true });
        await letGoStackDeploys(m1);
      });
      expect(code, stderr).toBe(FAILURES.RESTORE_FAILED);
      expect(stderr).toContain('could not be taken back');
      expect(stderr).toContain('cannot connect to deploy@bastion.lab:2201: no answer');
    } finally {
      await freeStackDeploys(m1);
      await healSilence(lab);
    }
    expect(await readRollout(lab)).not.toEqual(before);
    const { code, stderr } = await probe.run(['deploy', '--on-interrupted=rollback'], deploys.tag);
    expect(code, stderr).toBe(0);
    await deploys.expectDeployed();
    expect(await readOpenRecords(lab), 'locks and journals left behind').toEqual([]);
  });
});

describe('a Docker that hangs', () => {
  const SEVERAL = { DEPLOY_MANAGER_HOST: 'm1,m2', DEPLOY_MANAGER_SSH_PORT: '' };
  const LEFT = 'm1: Docker has stopped answering: the next manager takes over';
  /** Nodes are ready again, so that the next run has all of them. */
  const wake = async () => {
    await wakeEngine(m1);
    await until('there is a quorum', () => hasQuorum(m2));
    const ready = ['docker', 'node', 'ls', '--format', '{{.Status}}'];
    await until('all nodes are ready', async () => !/Down|Unknown/.test(await m2.run(ready)));
  };

  beforeAll(async () => {
    await lab.workstation.writeFile('/home/operator/.ssh/config', NODES, {
      mode: '600',
      owner: 'operator:operator',
    });
  });
  afterAll(() => lab.workstation.run(['rm', '-f', '/home/operator/.ssh/config']));

  test.each([
    'ask the cluster',
    'record the running stack',
    'create secrets and configs',
    'wait for convergence',
  ])('at "%s" is left, and the deploy goes on by the next manager', async (step) => {
    try {
      const { code, stdout, stderr } = await deploys.deployAnd(`> ${step}`, () => hangEngine(m1), SEVERAL);
      expect(stdout + stderr).toContain(LEFT);
      expect(code, stdout + stderr).toBe(0);
    } finally {
      await wake();
    }
    await deploys.expectDeployed(SEVERAL);
  });

  test.each([
    [{ DEPLOY_TIMEOUT: '60' }, 'the stack did not converge within 60 s: the manager does not answer'],
    [{ PROGRESS_DEADLINE: '30' }, 'there is no progress for 30 s: the manager does not answer'],
  ])('where there is no other manager, ends the run by its deadline: %o', async (deadline, said) => {
    try {
      const { code, stdout, stderr } = await deploys.deployAnd(
        '> wait for convergence',
        () => hangEngine(m1),
        deadline,
      );
      expect(code, stdout + stderr).toBe(FAILURES.RESTORE_FAILED);
      expect(stderr).toContain(said);
      expect(stderr).toContain('m1: Docker has stopped answering');
    } finally {
      await wake();
    }
    const { code, stderr } = await probe.run(['deploy', '--on-interrupted=rollback'], deploys.tag);
    expect(code, stderr).toBe(0);
    await deploys.expectDeployed();
  });

  test('where there is no other manager, does not keep Ctrl-C from ending the run, and the second one says what it waits for', async () => {
    await deploys.next();
    let printed = '';
    const running = probe.operator.startWaggle(['deploy', '--env', 'probe'], {
      env: deploys.tag,
      onOutput: (text) => (printed += text),
    });
    const has = (text: string) => until(`it says ${text}`, async () => printed.includes(text));
    try {
      await has('> wait for convergence');
      await hangEngine(m1);
      await running.kill('SIGINT');
      await has('> put the stack back as it was');
      await running.kill('SIGINT');
      const { code, stdout, stderr } = await running.output;
      expect(code, stdout + stderr).toBe(FAILURES.RESTORE_FAILED);
      expect(stdout + stderr).toContain('already stopping, waiting for: put the stack back as it was');
      expect(stderr).toContain('stopped by SIGINT');
    } finally {
      await wake();
    }
    const { code, stderr } = await probe.run(['deploy', '--on-interrupted=rollback'], deploys.tag);
    expect(code, stderr).toBe(0);
    await deploys.expectDeployed();
  });
});
