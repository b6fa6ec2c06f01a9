// Proves: what somebody changed by hand is shown, and overwritten, kept or refused as asked, also where no file changed.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { FAILURES } from '../../src/shared/errors.ts';
import { readSpecs } from '../lab/cluster.ts';
import { IMAGE } from '../lab/probe.ts';
import { probeOnCleanLab } from '../lab/probe-on-clean-lab.ts';
import { runMeanwhile } from '../lab/run-meanwhile.ts';

const { lab, probe } = await probeOnCleanLab();
const [m1] = lab.managers;
const LABEL = 'com.docker.stack.namespace=probe';
const update = (...flags: readonly string[]) => ['service', 'update', '--detach', ...flags, 'probe_web'];

/** What somebody does, and how it is told. */
const BY_HAND: readonly { readonly argv: readonly string[]; readonly told: string }[] = [
  { argv: update('--env-add', 'DEBUG=1'), told: 'probe_web: env DEBUG' },
  { argv: ['service', 'scale', '--detach', 'probe_web=1'], told: 'probe_web: replicas 2 -> 1' },
  // Without its digest.
  { argv: update('--no-resolve-image', '--image', IMAGE), told: `probe_web: image ${IMAGE}@sha256:` },
  { argv: update('--limit-memory', '64M'), told: 'probe_web: ' },
  { argv: update('--container-label-add', 'night=1'), told: 'probe_web: ' },
  { argv: update('--mount-add', 'type=tmpfs,target=/night'), told: 'probe_web: mount' },
  { argv: ['service', 'rm', 'probe_side'], told: 'probe_side: is gone' },
  {
    argv: ['service', 'create', '--detach', '--name', 'probe_other', '--label', LABEL, IMAGE],
    told: 'probe_other: is new',
  },
];

const deploy = (...flags: readonly string[]) => probe.run(['deploy', ...flags]);
const last = async () => (await probe.run(['releases'])).stdout.split('\n')[1];
/** As the first release has made it. */
let deployed: unknown;

beforeAll(async () => {
  const { code, stderr } = await deploy();
  expect(code, stderr).toBe(0);
  deployed = await readSpecs(lab);
});

async function expectShown(told: string): Promise<void> {
  const { plan } = await probe.plan();
  expect(plan.drift).toEqual([expect.stringContaining(told)]);
  const { stdout } = await probe.run(['status']);
  expect(stdout).toContain(`changed by hand: ${told}`);
}

describe('with the files as they were', () => {
  test.each(BY_HAND)('$argv is shown, and put back to what was released', async ({ argv, told }) => {
    await m1.run(['docker', ...argv]);
    expect(await readSpecs(lab)).not.toEqual(deployed);
    await expectShown(told);
    const { code, stdout, stderr } = await deploy('--on-drift=overwrite');
    expect(code, stderr).toBe(0);
    expect(stdout).toContain(`: ${told}`);
    expect(await readSpecs(lab)).toEqual(deployed);
    expect((await probe.run(['status'])).stdout).not.toContain('by hand');
  });

  test('it stops a deploy that is not to overwrite it, and is kept on record', async () => {
    for (const argv of [update('--env-add', 'DEBUG=1'), ['service', 'scale', '--detach', 'probe_side=2']])
      await m1.run(['docker', ...argv]);
    const [byHand, release] = await Promise.all([readSpecs(lab), last()]);
    const stopped = await deploy('--on-drift=stop');
    expect(stopped.code, stopped.stderr).toBe(FAILURES.DRIFTED);
    expect(stopped.stderr).toContain('probe_side: replicas 1 -> 2');
    expect(stopped.stderr).toContain('--on-drift=adopt: ');
    expect(await readSpecs(lab)).toEqual(byHand);
    expect(await last()).toBe(release);

    const adopting = await deploy('--on-drift=adopt');
    expect(adopting.code, adopting.stderr).toBe(0);
    expect(await readSpecs(lab)).toEqual(deployed);
    const { code, stderr } = await probe.run(['rollback']);
    expect(code, stderr).toBe(0);
    expect(await readSpecs(lab)).toEqual(byHand);
    expect((await deploy('--on-drift=stop')).code, 'what is on record is no drift').toBe(0);
    expect(await readSpecs(lab)).toEqual(deployed);
  });
});

describe('while a hook runs', () => {
  beforeAll(() => probe.setHook('pre-deploy', 'sleep 8'));
  afterAll(() => probe.removeFile('hooks/pre-deploy'));

  /** Somebody changes a service in the middle of the hook. */
  const deployMeanwhile = (...words: readonly string[]) =>
    runMeanwhile(probe.operator, ['deploy', ...words], { DEPLOY_TAG: 'v1' }, async ({ says }) => {
      await says('> run the hook pre-deploy');
      await m1.run(['docker', ...update('--env-add', 'DEBUG=1')]);
    });
  const planned = async () => {
    const file = '/tmp/drift-plan.json';
    const { code, stderr } = await probe.run(['plan', '--out', file]);
    expect(code, stderr).toBe(0);
    return file;
  };

  test.each([
    ['stop', FAILURES.DRIFTED],
    ['adopt', FAILURES.DRIFTED],
    ['of a saved plan', FAILURES.PLAN_STALE],
  ])('what is changed by hand is not overwritten: %s', async (how, expected) => {
    const saved = how === 'of a saved plan' ? await planned() : undefined;
    const words = saved ? [saved] : [`--on-drift=${how}`];
    const { code, stdout, stderr } = await deployMeanwhile('--env', 'probe', ...words);
    expect(code, stdout + stderr).toBe(expected);
    expect(stderr).toContain('probe_web: env DEBUG');
    expect(await readSpecs(lab)).not.toEqual(deployed);
    expect((await deploy('--on-drift=overwrite')).code).toBe(0);
    expect(await readSpecs(lab)).toEqual(deployed);
  });

  test('overwrite says so, and overwrites it', async () => {
    const { code, stdout, stderr } = await deployMeanwhile('--env', 'probe');
    expect(code, stdout + stderr).toBe(0);
    expect(stdout + stderr).toContain('probe_web: env DEBUG');
    expect(await readSpecs(lab)).toEqual(deployed);
  });
});
