// Proves: one deploy of a stack runs at a time: of ten begun together one, others wait or are told; a lost lock stops a run.
import { describe, expect, test } from 'vitest';
import { until } from '../../src/lab/engine.ts';
import { FAILURES } from '../../src/shared/errors.ts';
import { readRollout } from '../lab/cluster.ts';
import { twoOnCleanLab } from '../lab/two-on-clean-lab.ts';

const { lab, two } = await twoOnCleanLab();
const probe = two.first;

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
