import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { until } from '../../src/lab/engine.ts';
import { cleanupSteps, deploySteps } from '../../src/pipeline/deploy.ts';
import type { Step } from '../../src/pipeline/step.ts';
import { buildImages } from '../../src/pipeline/steps/build-images.ts';
import { checkHealth } from '../../src/pipeline/steps/check-health.ts';
import { deployWaves } from '../../src/pipeline/steps/deploy-waves.ts';
import { openJournal } from '../../src/pipeline/steps/open-journal.ts';
import { reportResult } from '../../src/pipeline/steps/report-result.ts';
import { FAILURES } from '../../src/shared/errors.ts';
import { labUp } from '../lab/lab.ts';
import { reset } from '../lab/reset.ts';
import { findResidue, readOpenRecords, readRollout } from './cluster.ts';
import { TwoOperators } from './two-operators.ts';

/** Two runs at once, and runs that are killed: one at a time, and nothing is lost. */
const lab = await labUp();
const [m1] = lab.managers;
const two = new TwoOperators(lab);
const probe = two.first;

beforeAll(async () => {
  await reset(lab);
  await two.setUp();
});
afterAll(async () => {
  const { code, stderr } = await two.second.run(['audit', 'verify']);
  await reset(lab);
  expect(code, stderr).toBe(0);
});
afterEach(async () => {
  expect(await findResidue(lab), 'credentials left behind').toEqual([]);
  expect(await readOpenRecords(lab), 'locks and journals left behind').toEqual([]);
});

describe('two at once', () => {
  test.each([2, 10])('of %i deploys that begin together, exactly one runs', async (count) => {
    await two.next();
    const deploy = () => probe.run(['deploy'], { DEPLOY_TAG: 'slow' });
    const outputs = await Promise.all(Array.from({ length: count }, deploy));
    const codes = outputs.map(({ code }) => code).sort();
    expect(codes, outputs.map(({ stderr }) => stderr).join('\n')).toEqual([
      0,
      ...Array.from({ length: count - 1 }, () => FAILURES.LOCKED),
    ]);
    for (const { code, stderr } of outputs)
      if (code !== 0) expect(stderr).toMatch(/probe is locked by operator@\S+, since \S+: deploy slow_\d+/);
  });

  test('the second waits, if it is to', async () => {
    await two.next();
    const outputs = await Promise.all([1, 2].map(() => probe.run(['deploy', '--wait'])));
    expect(outputs.map(({ code }) => code)).toEqual([0, 0]);
    expect(outputs.map(({ stdout }) => stdout).join('\n')).toContain('waiting for operator@');
  });
});

test('a run whose lock is taken away changes nothing more', async () => {
  const before = await readRollout(lab);
  await two.next();
  // Long enough for a sign of life that it tries to show.
  await probe.setHook('pre-deploy', 'sleep 12');
  let printed = '';
  const running = probe.operator.startWaggle(['deploy', '--env', 'probe'], {
    env: { DEPLOY_TAG: 'v1' },
    onOutput: (text) => (printed += text),
  });
  await until('the hook runs', async () => printed.includes('> run the hook pre-deploy'));
  await probe.unlock();
  const { code, stderr } = await running.output;
  expect(code, stderr).toBe(FAILURES.LOCK_LOST);
  await probe.setHook('pre-deploy', 'true');
  expect(await readRollout(lab)).toEqual(before);
});

test('a person keeps everybody out, and lets them in again', async () => {
  const { stdout } = await probe.run(['lock', '--reason', 'the database is moved']);
  const [, id = ''] = /`waggle unlock (\w+)`/.exec(stdout) ?? [];
  const { code, stderr } = await probe.run(['deploy']);
  expect(code, stderr).toBe(FAILURES.LOCKED);
  expect(stderr).toContain('the database is moved');
  expect((await probe.run(['unlock', 'other'])).code).toBe(FAILURES.LOCKED);
  expect((await probe.run(['unlock', id])).code).toBe(0);
});

/** Those that the probe's stack gives something to do. */
const namesOf = (steps: readonly Step[]) =>
  steps
    .filter((step) => ![buildImages, deployWaves, checkHealth, reportResult].includes(step))
    .map(({ name }) => name);
const FIRST_WRITTEN = deploySteps.indexOf(openJournal);

describe('a run that is killed', () => {
  test('is found dead by the next, which says what was begun and changes nothing', async () => {
    await two.killAt('wait for convergence');
    const { code, stdout, stderr } = await two.second.run(['deploy']);
    expect(code, stderr).toBe(FAILURES.INTERRUPTED);
    expect(stdout).toContain('no sign of life of operator@');
    expect(stderr).toMatch(/the deploy of slow\d+_\d{14} by operator@.* was interrupted at: /);
    expect((await two.second.run(['status'])).stdout).toContain('was interrupted at: ');
    await two.recover('rollback');
    await two.expectWhole();
  });
});

test('a run that CI cancels goes back at once, and the next finishes what there was no time for', async () => {
  // What is put back has to hold for longer than CI waits.
  const change = { update: '{ parallelism: 0, monitor: 20s }' };
  await two.next(change);
  expect((await probe.run(['deploy'])).code).toBe(0);
  const cancelled = two.deployUntil(
    'wait for convergence',
    async ({ kill, says }) => {
      const { stdout } = await two.second.run(['status']);
      expect(stdout).toMatch(/^it is at: /m);
      await kill('SIGINT');
      const start = performance.now();
      await says('> put the stack back as it was');
      expect(performance.now() - start).toBeLessThan(5_000);
      await sleep(7_500);
      await kill('SIGTERM');
      await sleep(2_500);
      await kill();
    },
    { change },
  );
  expect((await cancelled).stdout).toContain('already stopping: putting things back first');
  const { stdout } = await two.second.run(['status']);
  expect(stdout).toContain('was interrupted at: put the stack back as it was');
  await two.unlock(m1);
  await two.recover('rollback');
  await two.expectWhole();
});

async function killAndRecover(step: string, choice: string): Promise<void> {
  await two.killAt(step);
  await two.unlock(m1);
  await two.recover(choice);
  await two.expectWhole();
}

describe.each(['resume', 'rollback', 'adopt'])(
  'a run that is killed, and found by another machine: %s',
  (choice) => {
    test.each(namesOf(deploySteps.slice(FIRST_WRITTEN)))('at "%s"', (step) => killAndRecover(step, choice));
  },
);

describe('a run that is killed', () => {
  test.each(namesOf(deploySteps.slice(0, FIRST_WRITTEN)))('before it changed anything, at "%s"', (step) =>
    killAndRecover(step, 'resume'),
  );

  // What comes after those is done sooner than a signal arrives.
  const [record = [], hook = []] = cleanupSteps;
  test.each(namesOf([...record, ...hook]))('once its release is healthy, at "%s"', (step) =>
    killAndRecover(step, 'adopt'),
  );
});
