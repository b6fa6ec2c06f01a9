// Proves: a run that is killed or that CI cancels is told of, and the next run, from another machine, finishes what it left.
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { FAILURES } from '../../src/shared/errors.ts';
import { twoOnCleanLab } from '../lab/two-on-clean-lab.ts';

const { lab, two } = await twoOnCleanLab();
const [m1] = lab.managers;
const probe = two.first;

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
