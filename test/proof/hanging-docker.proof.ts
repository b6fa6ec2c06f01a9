// Proves: a Docker that hangs in a hook, a rollout or a stack deploy is left for the next manager, or the run says so.
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { FAILURES } from '../../src/shared/errors.ts';
import { findResidue, readRollout } from '../lab/cluster.ts';
import { HangingDeploys } from '../lab/hanging-deploys.ts';
import { probeOnCleanLab } from '../lab/probe-on-clean-lab.ts';

const { lab, probe } = await probeOnCleanLab();
const hanging = new HangingDeploys(lab, probe);
const SEVERAL = { DEPLOY_MANAGER_HOST: 'm1,m2', DEPLOY_MANAGER_SSH_PORT: '' };
const LEFT = 'm1: Docker has stopped answering: the next manager takes over';
const STOPPED = /bastion\.lab: (Docker has stopped answering|its engine does not answer)/;

beforeAll(() => hanging.setUp());
afterAll(() => hanging.tearDown());
afterEach(async () => {
  await hanging.settle();
  expect(await findResidue(lab), 'credentials left behind').toEqual([]);
});

test('in a hook: the next manager serves', async () => {
  const { code, stdout, stderr } = await hanging.inHook(SEVERAL);
  expect(code, stdout + stderr).toBe(0);
  expect(stdout + stderr).toContain(LEFT);
});

test('in the middle of a rollout: the next manager serves', async () => {
  const { code, stdout, stderr, s } = await hanging.inRollout(SEVERAL);
  console.log(`figure: hung in the rollout, two managers: exit ${code} ${s} s later`);
  expect(code, stdout + stderr).toBe(0);
  expect(stdout + stderr).toContain(LEFT);
});

test('during `docker stack deploy`: the next manager serves', async () => {
  const { code, stdout, stderr } = await hanging.inStackDeploy(SEVERAL);
  expect(code, stdout + stderr).toBe(0);
  expect(stdout + stderr).toContain(LEFT);
});

test('in a hook, and there is no other manager: nothing is changed', async () => {
  const before = await readRollout(lab);
  const { code, stdout, stderr } = await hanging.inHook({});
  expect(code, stdout + stderr).toBe(FAILURES.UNREACHABLE);
  expect(stderr).toMatch(STOPPED);
  await hanging.wake();
  expect(await readRollout(lab)).toEqual(before);
});

test('during `docker stack deploy`, and there is no other manager: the run says so', async () => {
  const { code, stdout, stderr } = await hanging.inStackDeploy({});
  expect(code, stdout + stderr).toBe(FAILURES.RESTORE_FAILED);
  expect(stderr).toMatch(STOPPED);
});
