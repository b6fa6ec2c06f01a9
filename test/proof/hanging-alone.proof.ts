// Proves: when the Docker of the only manager hangs in a rollout, DEPLOY_TIMEOUT, PROGRESS_DEADLINE and Ctrl-C end the run.
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { FAILURES } from '../../src/shared/errors.ts';
import { findResidue } from '../lab/cluster.ts';
import { hangEngine } from '../lab/faults.ts';
import { HALF_WAY, HangingDeploys } from '../lab/hanging-deploys.ts';
import { probeOnCleanLab } from '../lab/probe-on-clean-lab.ts';
import { type Run, runMeanwhile } from '../lab/run-meanwhile.ts';

const { lab, probe } = await probeOnCleanLab();
const [m1] = lab.managers;
const hanging = new HangingDeploys(lab, probe);
const STOPPED = /bastion\.lab: (Docker has stopped answering|its engine does not answer)/;

beforeAll(() => hanging.setUp());
afterAll(() => hanging.tearDown());
afterEach(async () => {
  await hanging.settle();
  expect(await findResidue(lab), 'credentials left behind').toEqual([]);
});

test.each([
  [{ DEPLOY_TIMEOUT: '60' }, 'the stack did not converge within 60 s: the manager does not answer'],
  [{ PROGRESS_DEADLINE: '30' }, 'there is no progress for 30 s: the manager does not answer'],
])('%o ends the run', async (deadline, said) => {
  const { code, stdout, stderr, s } = await hanging.inRollout(deadline);
  console.log(
    `figure: hung in the rollout, one manager, ${Object.keys(deadline)}: exit ${code} ${s} s later`,
  );
  expect(code, stdout + stderr).toBe(FAILURES.RESTORE_FAILED);
  expect(stderr).toContain(said);
  expect(stderr).toContain('restart the manager');
  expect(stderr).toMatch(STOPPED);
});

test('Ctrl-C ends the run', async () => {
  await hanging.slow.next();
  let began = 0;
  let stoppedMs = 0;
  const meanwhile = async ({ says, kill }: Run) => {
    await says(HALF_WAY);
    await hangEngine(m1);
    await sleep(2_000);
    began = performance.now();
    await kill('SIGINT');
    await says('> restore the stack');
    stoppedMs = performance.now() - began;
    await kill('SIGINT');
  };
  const argv = ['deploy', '--env', 'probe'];
  const { code, stdout, stderr } = await runMeanwhile(probe.operator, argv, hanging.slow.tag, meanwhile);
  const s = Math.round((performance.now() - began) / 1000);
  console.log(`figure: hung, Ctrl-C: stopping after ${Math.round(stoppedMs)} ms, exit ${code} ${s} s later`);
  expect(stoppedMs).toBeLessThan(10_000);
  expect(code, stdout + stderr).toBe(FAILURES.RESTORE_FAILED);
  expect(stdout + stderr).toContain('already stopping, waiting for: restore the stack');
  expect(stderr).toContain('stopped by SIGINT');
});
