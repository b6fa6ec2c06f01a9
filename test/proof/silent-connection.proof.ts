// Proves: a connection whose packets vanish without a word is given up, and the deploy goes on by another or says why not.
import { afterEach, describe, expect, test } from 'vitest';
import { until } from '../../src/lab/engine.ts';
import { PROJECT } from '../../src/lab/move-in.ts';
import { FAILURES } from '../../src/shared/errors.ts';
import { findResidue, readOpenRecords, readRollout } from '../lab/cluster.ts';
import { DisturbedDeploys } from '../lab/disturbed-deploys.ts';
import { healSilence, silenceSsh } from '../lab/faults.ts';
import {
  awaitHeld,
  countStackDeploys,
  freeStackDeploys,
  holdStackDeploys,
  letGoStackDeploys,
} from '../lab/held-stack-deploy.ts';
import { probeOnCleanLab } from '../lab/probe-on-clean-lab.ts';

/** As when a laptop sleeps, or a NAT forgets: the system itself would take a quarter of an hour to notice. */
const { lab, probe } = await probeOnCleanLab();
const [m1] = lab.managers;
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
      expect(stderr).toContain('could not be restored');
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
