import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { until } from '../../src/lab/engine.ts';
import type { Machine } from '../../src/lab/machine.ts';
import { hasQuorum } from '../../src/lab/swarm.ts';
import { FAILURES } from '../../src/shared/errors.ts';
import { cutNetwork, healNetwork, killEngine, restartEngine } from '../lab/faults.ts';
import { labUp } from '../lab/lab.ts';
import { reset } from '../lab/reset.ts';
import { findResidue, readOpenRecords } from './cluster.ts';
import { TwoOperators } from './two-operators.ts';

/** The leader dies, or most managers are cut off, just when a deploy is killed: nothing is lost, nothing is half written. */
const lab = await labUp();
const [m1, m2, m3] = lab.managers;
const two = new TwoOperators(lab);

beforeAll(async () => {
  await reset(lab);
  await two.setUp();
});
afterAll(() => reset(lab));
afterEach(async () => {
  expect(await findResidue(lab), 'credentials left behind').toEqual([]);
  expect(await readOpenRecords(lab), 'locks and journals left behind').toEqual([]);
});

async function findLeader(): Promise<Machine> {
  const names = ['node', 'ls', '--format', '{{.Hostname}} {{.ManagerStatus}}'];
  const line = (await m1.run(['docker', ...names])).split('\n').find((node) => node.includes('Leader'));
  const leader = lab.managers.find(({ name }) => line?.startsWith(name));
  if (!leader) throw new Error('there is no leader');
  return leader;
}

const portOf = (machine: Machine) => ({ DEPLOY_MANAGER_SSH_PORT: `22${machine.name.replace('m', '0')}` });
const answers = (machine: Machine) => async () => (await machine.exec(['docker', 'node', 'ls'])).code === 0;

test.each([
  ['resume', 'create secrets and configs'],
  ['rollback', 'deploy the stack'],
  ['adopt', 'wait for convergence'],
])(
  'the leader dies with the run, and another machine goes on at another manager: %s',
  async (choice, step) => {
    const leader = await findLeader();
    const other = leader === m2 ? m3 : m2;
    try {
      await two.deployUntil(step, ({ kill }) => Promise.all([kill(), killEngine(leader)]));
      await until('another leads', answers(other));
      await two.unlock(other);
      await two.recover(choice, portOf(other));
    } finally {
      await restartEngine(leader);
      await until('it is back', () => hasQuorum(m1));
    }
    await two.expectWhole();
  },
);

/** A leader that lost its followers, and leads again, begins no jobs any more: swarmkit's, until it restarts. */
async function reunite(): Promise<void> {
  await Promise.all([m2, m3].map(healNetwork));
  await until('there is a quorum', () => hasQuorum(m1));
  await killEngine(m1);
  await restartEngine(m1);
  await until('there is a quorum again', () => hasQuorum(m1));
}

const cutOff = () => Promise.all([m2, m3].map(cutNetwork));

test('two of three managers are cut off as the run dies: the next says so, and goes on when they are back', async () => {
  try {
    await two.deployUntil('deploy the stack', ({ kill }) => Promise.all([kill(), cutOff()]));
    await until('there is no leader', async () => !(await answers(m1)()), 180);
    const { code, stderr } = await two.second.run(['deploy', '--on-interrupted=resume']);
    expect(code, stderr).toBe(FAILURES.PREFLIGHT_FAILED);
    expect(stderr).toContain('too few managers are online');
  } finally {
    await reunite();
  }
  await two.unlock(m1);
  await two.recover('resume');
  await two.expectWhole();
});

test('two of three managers are cut off under a run: it says so, and the next one finishes it', async () => {
  try {
    const { code, stderr } = await two.deployUntil('wait for convergence', cutOff);
    expect(code, stderr).toBe(FAILURES.RESTORE_FAILED);
    expect(stderr).toContain('too few managers are online');
  } finally {
    await reunite();
  }
  await two.unlock(m1);
  const { stdout } = await two.second.run(['status']);
  expect(stdout).toContain('was interrupted at: ');
  await two.recover('rollback');
  await two.expectWhole();
});
