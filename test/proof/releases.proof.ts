// Proves: releases are recorded, compared, verified, brought back, and kept as long as they are to be.
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Output } from '../../src/lab/machine.ts';
import { MANAGER, REGISTRY } from '../../src/lab/topology.ts';
import { FAILURES } from '../../src/shared/errors.ts';
import { findResidue, readRollout, readSpecs, readStoredReleases } from '../lab/cluster.ts';
import { IMAGE, type Parts } from '../lab/probe.ts';
import { probeOnCleanLab } from '../lab/probe-on-clean-lab.ts';

/** What the cluster remembers of each deploy, and the way back to it. */
const { lab, operator, probe } = await probeOnCleanLab();
const [m1] = lab.managers;
/** How every password begins that the probe is given. */
const PASSWORD = 'probe-hunter2-never-shown';
const LABEL = 'com.docker.stack.namespace=probe';
/** The specs of each release, by its number. */
const specs = new Map<number, unknown>();

beforeAll(async () => {
  // What it says is on record, too.
  await probe.setHook('pre-deploy', 'cat deploy/probe/secrets/password.txt');
  const more = `extra: { image: "${IMAGE}", command: [redis-server], deploy: { endpoint_mode: dnsrr } }`;
  await expectDeployed(1, {});
  await expectDeployed(2, { environment: '{ A: "2" }', extra: more });
  await probe.setFile('secrets/password.txt', 'probe-hunter2-never-shown-again');
  await expectDeployed(3, { environment: '{ A: "3" }', side: 'replicas: 2' });
});
afterEach(async () => expect(await findResidue(lab), 'credentials left behind').toEqual([]));

async function expectDeployed(number: number, change: Partial<Parts>): Promise<void> {
  await probe.setStack(change);
  const { code, stdout, stderr } = await probe.run(['deploy'], { DEPLOY_TAG: `v${number}` });
  expect(code, stdout + stderr).toBe(0);
  expect(stdout).toContain(`this is release r${number}\n`);
  specs.set(number, await readSpecs(lab));
}

async function list(): Promise<readonly string[]> {
  const { stdout } = await probe.run(['releases']);
  return stdout
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.replace(/\s+\d{4}-\d\d-\d\d \d\d:\d\d\s+/, ' ').replace(/\s+\d+ s .*/, ''));
}

const back = (...argv: readonly string[]): Promise<Output> => probe.run(['rollback', ...argv]);

test('every release is listed, and told', async () => {
  expect(await list()).toEqual(['r3  runs v3', 'r2  deployed v2', 'r1  deployed v1']);
  const { stdout } = await probe.run(['releases', 'show', 'r2']);
  expect(stdout).toMatch(/^r2 of probe: deployed\n {2}release v2_\d{14}, commit \w+\n {2}by operator@/);
  expect(stdout).toMatch(/^ {4}\d+\.\d s {2}wait for convergence$/m);
  expect(stdout).toContain(`  probe_extra: 1 x ${IMAGE}@sha256:`);
  const { stdout: json } = await probe.run(['releases', '--json']);
  expect((JSON.parse(json) as { services: unknown[] }[]).map(({ services }) => services.length)).toEqual([
    2, 3, 2,
  ]);
});

test('no value of a secret is on record, nor shown', async () => {
  const stored = await readStoredReleases(lab);
  const { stdout } = await probe.run(['releases', '--json']);
  for (const text of [JSON.stringify(stored), stdout]) {
    expect(text).toContain('probe_password_v1_');
    expect(text).toContain('pre-deploy | ');
    for (const value of [PASSWORD, REGISTRY.password]) {
      expect(text).not.toContain(value);
      // Without its end, which depends on what comes after it.
      expect(text).not.toContain(Buffer.from(value).toString('base64').slice(0, -4));
    }
  }
});

test('two are compared', async () => {
  const { stdout } = await probe.run(['diff', 'r1', 'r3']);
  expect(stdout).toContain('probe_side: replicas 1 -> 2');
  expect(stdout).toMatch(/^probe_web: secrets? .*probe_password_v1_\d+.*probe_password_v3_\d+/m);
  expect((await probe.run(['diff', 'r2', 'r3'])).stdout).toContain('probe_extra: is gone');
  expect((await probe.run(['diff', 'r3', 'r3'])).stdout).toBe('they are the same\n');
});

test('each is what it was when the next was written', async () => {
  const { code, stdout, stderr } = await probe.run(['audit', 'verify']);
  expect(code, stderr).toBe(0);
  expect(stdout).toContain('sound: r2, r3; with none before them to compare: r1');
});

test('what would be pruned is said, and why the rest is kept', async () => {
  const env = { RELEASES_KEEP: '1', SECRET_KEEP_VERSIONS: '1' };
  const { code, stdout, stderr } = await probe.run(['prune', '--dry-run'], env);
  expect(code, stderr).toBe(0);
  expect(stdout).toMatch(/^- release probe.waggle.r1$/m);
  expect(stdout).toMatch(/^ {2}release probe.waggle.r3: of the newest 1 that ran$/m);
  expect(stdout).toMatch(/^ {2}secret probe_password_v3_\d+: the service probe_web names it$/m);
  expect(stdout).toMatch(/^ {2}secret probe_password_v1_\d+: the previous spec of probe_web names it$/m);
  expect((await list()).length).toBe(3);
});

test('what was changed by hand is shown', async () => {
  const { stdout: calm } = await probe.run(['status']);
  expect(calm).toMatch(/^probe: r3, v3, deployed .* by operator@/);
  expect(calm).toMatch(/^ {2}side +2\/2 /m);
  expect(calm).not.toContain('by hand');
  await m1.run(['docker', 'service', 'scale', '--detach', 'probe_side=1']);
  await m1.run(['docker', 'service', 'create', '--detach', '--name', 'probe_other', '--label', LABEL, IMAGE]);
  const { stdout } = await probe.run(['status']);
  expect(stdout).toContain('changed by hand: probe_side: replicas 2 -> 1');
  expect(stdout).toContain('changed by hand: probe_other: is new');
  await m1.run(['docker', 'service', 'scale', '--detach', 'probe_side=2']);
  await m1.run(['docker', 'service', 'rm', 'probe_other']);
});

describe('a rollback', () => {
  test.each([
    [[], 2, 'r4'],
    [['r1'], 1, 'r5'],
    [['r3'], 3, 'r6'],
  ])('%j brings every spec back', async (argv, to, name) => {
    const { code, stdout, stderr } = await back(...argv);
    expect(code, stdout + stderr).toBe(0);
    expect(await readSpecs(lab)).toEqual(specs.get(to));
    expect((await list())[0]).toBe(`${name}  runs v${to} (as r${to})`);
  });

  test('that does not come up is itself put back', async () => {
    const before = await readRollout(lab);
    const env = {
      DEPLOY_HEALTHCHECK_URL: 'http://bastion.lab:8080/nothing',
      DEPLOY_HEALTHCHECK_ATTEMPTS: '1',
    };
    const { code, stderr } = await probe.run(['rollback', 'r1'], env);
    expect(code, stderr).toBe(FAILURES.RESTORE_UNHEALTHY);
    expect(await readRollout(lab)).toEqual(before);
    expect((await list())[0]).toBe('r7  RESTORE_UNHEALTHY v1 (as r1)');
  });

  test('to one that failed, or never was, is refused', async () => {
    const failed = await back('r7');
    expect(failed.code, failed.stderr).toBe(FAILURES.PREFLIGHT_FAILED);
    expect(failed.stderr).toContain('r7 did not come up');
    const unknown = await back('r99');
    expect(unknown.code, unknown.stderr).toBe(FAILURES.USAGE);
    expect(unknown.stderr).toContain('those that are kept: r1, r2');
  });

  test('beyond migrations that cannot be undone is refused, unless it is forced', async () => {
    const job = `extra: { image: "${IMAGE}", entrypoint: [sh, -c, "true"], x-waggle: { phase: release, migrations: irreversible } }`;
    await expectDeployed(8, { environment: '{ A: "8" }', extra: job });
    const { code, stderr } = await back('r3');
    expect(code, stderr).toBe(FAILURES.PREFLIGHT_FAILED);
    expect(stderr).toContain('the migrations of r8 cannot be undone');
    expect((await back('r3', '--force')).code).toBe(0);
    expect(await readSpecs(lab)).toEqual(specs.get(3));
  });

  test('to what has lost a secret is refused, with its name', async () => {
    const secrets = (await m1.run(['docker', 'secret', 'ls', '--format', '{{.Name}}'])).split('\n');
    const [gone = ''] = secrets.filter((name) => name.startsWith('probe_password_v1'));
    // r3 runs: its previous spec is that of r8, and only r1 and r2 name the first password.
    await m1.run(['docker', 'secret', 'rm', gone]);
    const { code, stderr } = await back('r1');
    expect(code, stderr).toBe(FAILURES.PREFLIGHT_FAILED);
    expect(stderr).toContain(`the secret ${gone} is gone`);
  });
});

describe('what was changed by hand', () => {
  const drifted = 'probe_side: replicas 2 -> 1';
  beforeAll(async () => {
    await m1.run(['docker', 'service', 'scale', '--detach', 'probe_side=1']);
    await probe.setStack({ environment: '{ A: "9" }', side: 'replicas: 2' });
  });

  test('is in the plan', async () => {
    const { plan } = await probe.plan();
    expect(plan.drift).toEqual([drifted]);
    expect((await probe.run(['plan'])).stdout).toContain(
      `changed by hand since the last release:\n  ${drifted}\n`,
    );
  });

  test('stops a deploy that is not to overwrite it', async () => {
    const before = await readRollout(lab);
    const { code, stderr } = await probe.run(['deploy', '--on-drift=stop']);
    expect(code, stderr).toBe(FAILURES.DRIFTED);
    expect(stderr).toContain(drifted);
    expect(await readRollout(lab)).toEqual(before);
  });

  test('is put on record, overwritten, and brought back', async () => {
    const byHand = await readSpecs(lab);
    const { code, stdout, stderr } = await probe.run(['deploy', '--on-drift=adopt'], { DEPLOY_TAG: 'v9' });
    expect(code, stderr).toBe(0);
    expect(stdout).toContain(`changed by hand since r9: ${drifted}`);
    expect((await list()).slice(0, 2)).toEqual(['r11  runs v9', 'r10  adopted v3']);
    expect(await readSpecs(lab)).not.toEqual(byHand);
    expect((await back()).code).toBe(0);
    expect(await readSpecs(lab)).toEqual(byHand);
    expect((await probe.run(['plan'])).stdout).not.toContain('by hand');
  });
});

test('only so many releases are kept, and what they name', async () => {
  for (const number of [1, 2, 3]) {
    await probe.setFile('secrets/password.txt', `probe-hunter2-never-shown-${number}`);
    await probe.setStack({ environment: `{ KEPT: "${number}" }` });
    const env = { DEPLOY_TAG: `k${number}`, RELEASES_KEEP: '2', SECRET_KEEP_VERSIONS: '1' };
    const { code, stderr } = await probe.run(['deploy'], env);
    expect(code, stderr).toBe(0);
  }
  const ran = (await list()).filter((line) => !line.includes('RESTORE_UNHEALTHY'));
  expect(ran.map((line) => line.split(' ').at(-1))).toEqual(['k3', 'k2']);
  const secrets = (await m1.run(['docker', 'secret', 'ls', '--format', '{{.Name}}'])).split('\n');
  expect(secrets.map((name) => name.split('_')[2]).sort()).toEqual(['k2', 'k3']);
});

describe('a version that only another stack names', () => {
  const secrets = async () =>
    (await m1.run(['docker', 'secret', 'ls', '--format', '{{.Name}}'])).split('\n').sort();
  const deploy = async (number: number) => {
    await probe.setFile('secrets/password.txt', `probe-hunter2-never-shown-${number}`);
    await probe.setStack({ environment: `{ KEPT: "${number}" }` });
    const env = { DEPLOY_TAG: `k${number}`, RELEASES_KEEP: '1', SECRET_KEEP_VERSIONS: '1' };
    const { code, stdout, stderr } = await probe.run(['deploy'], env);
    expect(code, stderr).toBe(0);
    expect(stdout + stderr).not.toContain('the release is healthy, but');
  };
  /** What `waggle prune` says of it; all else that may go goes. */
  const prune = async (name: string) => {
    const env = { RELEASES_KEEP: '1', SECRET_KEEP_VERSIONS: '1' };
    const { code, stdout, stderr } = await probe.run(['prune'], env);
    expect(code, stderr).toBe(0);
    return stdout.split('\n').find((line) => line.includes(name));
  };
  let number = 3;
  /** The version that runs, and that the next two deploys would prune. */
  const newest = async () => (await secrets()).find((name) => name.includes(`_k${number}_`)) ?? '';
  const deployTwice = async () => {
    await deploy(++number);
    await deploy(++number);
  };

  beforeAll(() => deploy(number));

  const other = ['docker', 'service', 'create', '--detach', '--replicas', '0', '--name', 'other'];

  test('stays while a service has it, and goes with the next', async () => {
    const held = await newest();
    await m1.run([...other, '--secret', held, IMAGE]);
    await deployTwice();
    expect(await secrets()).toHaveLength(3);
    expect(await prune(held)).toBe(`  secret ${held}: the service other names it`);
    await m1.run(['docker', 'service', 'rm', 'other']);
    await deploy(++number);
    expect(await secrets()).not.toContain(held);
  });

  test('stays while a service may go back to it, as it then does', async () => {
    const held = await newest();
    await m1.run([...other, '--secret', held, IMAGE]);
    await m1.run(['docker', 'service', 'update', '--detach', '--secret-rm', held, 'other']);
    await deployTwice();
    expect(await prune(held)).toBe(`  secret ${held}: the previous spec of other names it`);
    await m1.run(['docker', 'service', 'rollback', '--detach', 'other']);
    const named = '{{range .Spec.TaskTemplate.ContainerSpec.Secrets}}{{.SecretName}}{{end}}';
    expect(await m1.run(['docker', 'service', 'inspect', '--format', named, 'other'])).toBe(held);
    await m1.run(['docker', 'service', 'rm', 'other']);
  });

  test('stays while a release of it is kept, which is then brought back', async () => {
    const held = await newest();
    await operator.sh('mkdir -p deploy/other && cp deploy/probe/*.env deploy/other/');
    await operator.fillIn('other/cluster.env', { ...MANAGER, STACK_NAME: 'other', DEPLOY_TIMEOUT: '900' });
    const stack = (secret: string) => `services:
  web:
    image: ${IMAGE}
    command: [redis-server]
    ${secret && 'secrets: [theirs]'}
    deploy: { endpoint_mode: dnsrr, update_config: { monitor: 1s } }
${secret && `secrets: { theirs: { external: true, name: ${secret} } }`}
`;
    const waggle = async (argv: readonly string[], tag: string) => {
      const { code, stderr } = await operator.waggle(argv, { env: { DEPLOY_TAG: tag } });
      expect(code, stderr).toBe(0);
    };
    for (const [tag, secret] of [
      ['o1', held],
      ['o2', ''],
      ['o3', ''],
    ] as const) {
      await operator.write('deploy/other/stack.yml', stack(secret));
      await waggle(['deploy', '--env', 'other'], tag);
    }
    await m1.run(['docker', 'service', 'update', '--detach', '--env-add', 'A=b', 'other_web']);
    await deployTwice();
    expect(await prune(held)).toBe(`  secret ${held}: release r1 of other names it`);
    await waggle(['rollback', 'r1', '--env', 'other'], 'o1');
    const specs = (await readSpecs(lab)).filter(({ Name }) => Name === 'other_web');
    expect(specs.flatMap(({ TaskTemplate }) => TaskTemplate.ContainerSpec.Secrets)).toMatchObject([
      { SecretName: held },
    ]);
    await m1.run(['docker', 'stack', 'rm', 'other']);
  });
});
