// Proves: with two of three managers cut off nothing is half written, the message says so, and the next run finishes it.
import { expect, test } from 'vitest';
import { until } from '../../src/lab/engine.ts';
import type { Machine } from '../../src/lab/machine.ts';
import { hasQuorum } from '../../src/lab/swarm.ts';
import { FAILURES } from '../../src/shared/errors.ts';
import { readOpenRecords, readSecretNames, readSpecs, readStoredReleases } from '../lab/cluster.ts';
import { cutNetwork, healNetwork, killEngine, restartEngine, setSshDelay } from '../lab/faults.ts';
import { twoOnCleanLab } from '../lab/two-on-clean-lab.ts';

const { lab, two } = await twoOnCleanLab();
const [m1, m2, m3] = lab.managers;

const answers = (machine: Machine) => async () => (await machine.exec(['docker', 'node', 'ls'])).code === 0;

/** A leader that lost its followers, and leads again, begins no jobs any more: swarmkit's, until it restarts. */
async function reunite(): Promise<void> {
  await Promise.all([m2, m3].map(healNetwork));
  await until('there is a quorum', () => hasQuorum(m1));
  await killEngine(m1);
  await restartEngine(m1);
  await until('there is a quorum again', () => hasQuorum(m1));
}

const cutOff = () => Promise.all([m2, m3].map(cutNetwork));

/** All that a deploy writes. Throws when a record is not whole. */
async function readWritten() {
  const [specs, secrets, releases] = await Promise.all([
    readSpecs(lab),
    readSecretNames(lab),
    readStoredReleases(lab),
  ]);
  return { specs, secrets, releases, open: await readOpenRecords(lab) };
}

async function expectRefused(argv: readonly string[]): Promise<void> {
  await until('there is no leader', async () => !(await answers(m1)()));
  const { code, stderr } = await two.second.run(argv);
  expect(code, stderr).toBe(FAILURES.PREFLIGHT_FAILED);
  expect(stderr).toContain('too few managers are online');
}

test.each(['resume', 'adopt'])(
  'two of three managers are cut off as the run dies: the next says so, and goes on when they are back: %s',
  async (choice) => {
    try {
      await two.deployUntil('deploy the stack', ({ kill }) => Promise.all([kill(), cutOff()]));
      await expectRefused(['deploy', `--on-interrupted=${choice}`]);
    } finally {
      await reunite();
    }
    await two.unlock(m1);
    await two.recover(choice);
    await two.expectWhole();
  },
);

test('a deploy that begins while two of three managers are cut off writes nothing', async () => {
  const before = await readWritten();
  await two.next();
  try {
    await cutOff();
    await expectRefused(['deploy']);
  } finally {
    await reunite();
  }
  expect(await readWritten()).toEqual(before);
  expect(before.open).toEqual([]);
});

test('two of three managers are cut off before a step that changes something: it is not begun', async () => {
  const before = await readWritten();
  try {
    // What comes next is not over before they are cut off.
    await setSshDelay(lab, 300);
    const { code, stdout, stderr } = await two.deployUntil('upload the bundle', cutOff);
    expect(code, stderr).not.toBe(0);
    expect(stderr).toContain('too few managers are online');
    expect(stdout).not.toContain('> create secrets and configs');
  } finally {
    await setSshDelay(lab, 0);
    await reunite();
  }
  const { specs, secrets, releases } = await readWritten();
  expect({ specs, secrets, releases }).toEqual({
    specs: before.specs,
    secrets: before.secrets,
    releases: before.releases,
  });
  await two.unlock(m1);
  await two.recover('rollback');
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
  const { releases, open } = await readWritten();
  expect(
    releases.map(({ tag }) => tag),
    'a release that nobody could put on record',
  ).not.toContain(`slow${two.version}`);
  expect(open).toEqual([expect.stringMatching(/^probe\.waggle\.j\.\d{14}$/), 'probe.waggle.lock']);
  await two.unlock(m1);
  const { stdout } = await two.second.run(['status']);
  expect(stdout).toContain('was interrupted at: ');
  await two.recover('rollback');
  await two.expectWhole();
});
