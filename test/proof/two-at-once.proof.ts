// Proves: one deploy of a stack runs at a time: of ten begun together one, others wait or are told; a lost lock stops a run.
import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { until } from '../../src/lab/engine.ts';
import { FAILURES } from '../../src/shared/errors.ts';
import { readRollout, readStoredReleases } from '../lab/cluster.ts';
import { slowWire } from '../lab/slow-wire.ts';
import { twoOnCleanLab } from '../lab/two-on-clean-lab.ts';

const { lab, two } = await twoOnCleanLab();
const probe = two.first;

describe('begun together on two machines', () => {
  test.each([2, 10])('of %i deploys exactly one runs, and the others say who has the lock', async (count) => {
    await two.next();
    const outputs = await two.deployTogether(count, [], 'slow');
    const codes = outputs.map(({ code }) => code).sort();
    expect(codes, outputs.map(({ stderr }) => stderr).join('\n')).toEqual([
      0,
      ...Array.from({ length: count - 1 }, () => FAILURES.LOCKED),
    ]);
    for (const { code, stderr } of outputs)
      if (code !== 0) expect(stderr).toMatch(/probe is locked by operator@\S+, since \S+: deploy slow_\d+/);
  });

  test.each([2, 10])('%i deploys that are to wait all run, one after another', async (count) => {
    const before = (await readStoredReleases(lab)).at(-1)?.number ?? 0;
    await two.next();
    // What each machine deploys is its own, under one tag.
    await two.second.setStack({ environment: '{ VERSION: laptop }' });
    const outputs = await two.deployTogether(count, ['--wait'], 'same');
    const codes = outputs.map(({ code }) => code);
    expect(codes, outputs.map(({ stderr }) => stderr).join('\n')).toEqual(codes.map(() => 0));
    expect(outputs.map(({ stdout }) => stdout).join('\n')).toContain('waiting for operator@');
    const releases = (await readStoredReleases(lab)).slice(-count);
    expect(releases.map(({ number }) => number)).toEqual(releases.map((_, at) => before + 1 + at));
    expect(new Set(releases.map(({ id }) => id)).size, 'ids').toBe(count);
    const deployed = releases.map(({ stackFile, services }) => [
      ...[stackFile, JSON.stringify(services)].map((text) => /VERSION\W+(\w+)/.exec(text)?.[1]),
    ]);
    expect(deployed.filter(([wanted, is]) => wanted !== is)).toEqual([]);
    expect(deployed.filter(([wanted]) => wanted === 'laptop').length).toBe(count / 2);
    const { code, stderr } = await two.second.run(['audit', 'verify']);
    expect(code, stderr).toBe(0);
  });
});

test.each(['create secrets and configs', 'wait for convergence'])(
  'a run that stood still at "%s" while another took over changes nothing more',
  async (step) => {
    const change = { update: '{ parallelism: 0, monitor: 20s }' };
    await two.deployUntil(
      step,
      async ({ kill, output }) => {
        await kill('SIGSTOP');
        await two.next();
        await two.recover('rollback');
        const [rollout, releases] = await Promise.all([readRollout(lab), readStoredReleases(lab)]);
        await kill('SIGCONT');
        const { code, stderr } = await output;
        expect(code, stderr).toBe(FAILURES.LOCK_LOST);
        expect(await readRollout(lab)).toEqual(rollout);
        expect(await readStoredReleases(lab)).toEqual(releases);
      },
      { change },
    );
  },
);

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

describe('a run whose uplink carries 10 kB a second', () => {
  const SIZE = 250_000;

  test('keeps its lock and its connection while a config of 250 kB goes up', async () => {
    await using wire = await slowWire(lab, 10_000);
    const content = randomBytes(SIZE).toString('base64').slice(0, SIZE);
    await probe.setFile('settings.txt', content);
    const { code, stdout, stderr } = await two.deployUntil(
      'create secrets and configs',
      async () => {
        for (let attempt = 1; attempt <= 3; attempt++) {
          const other = await two.second.run(['deploy']);
          expect(other.code, other.stdout + other.stderr).toBe(FAILURES.LOCKED);
        }
      },
      { env: wire.env },
    );
    expect(code, stdout + stderr).toBe(0);
    expect(wire.connections()).toBe(1);
    const [m1] = lab.managers;
    const names = await m1.run(['docker', 'config', 'ls', '--format', '{{.Name}}']);
    const name = names.split('\n').find((one) => one.startsWith(`probe_settings_slow${two.version}`)) ?? '';
    const format = ['--format', '{{json .Spec.Data}}'];
    const stored = JSON.parse(await m1.run(['docker', 'config', 'inspect', ...format, name]));
    expect(Buffer.from(stored, 'base64').toString()).toBe(content);
  });
});
