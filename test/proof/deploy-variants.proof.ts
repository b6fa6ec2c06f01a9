// Proves: a deploy with what may be set, and with what may go wrong on the way, ends as DEPLOYING.md says.
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { until } from '../../src/lab/engine.ts';
import type { Output } from '../../src/lab/machine.ts';
import { REGISTRY } from '../../src/lab/topology.ts';
import { FAILURES } from '../../src/shared/errors.ts';
import {
  findResidue,
  readImages,
  readRunning,
  readSecretNames,
  readServices,
  readState,
  readVersion,
} from '../lab/cluster.ts';
import { dropSshConnections, fillDisk, freeDisk } from '../lab/faults.ts';
import { labUp } from '../lab/lab.ts';
import { Operator } from '../lab/operator.ts';
import { digestOf, platformsOf } from '../lab/registry.ts';
import { reset } from '../lab/reset.ts';

const lab = await labUp();
const operator = new Operator(lab);
const PINNED = ['api', 'worker', 'admin'] as const;
const REPLICAS = { api: 3, worker: 1, admin: 1, redis: 1, dozzle: 1 };

let last: Output;
async function deploy(env: Record<string, string> = {}): Promise<Output> {
  last = await operator.waggle(['deploy'], { env });
  return last;
}

/** All tasks of all services run exactly what the registry holds for this tag. */
async function expectRunning(tag: string): Promise<void> {
  const images = await readImages(lab);
  for (const [name, replicas] of Object.entries(REPLICAS)) {
    const image = (PINNED as readonly string[]).includes(name) ? `shop/${name}` : `library/${name}`;
    const version = { redis: '7', dozzle: '8' }[name] ?? tag;
    const pinned = `${REGISTRY.host}/${image}:${version}@${await digestOf(lab, image, version)}`;
    expect(images[`shop_${name}`], name).toEqual(Array(replicas).fill(pinned));
  }
  expect(await readVersion(lab)).toBe(tag);
  expect(await readVersion(lab, 'http://bastion.lab:8081/api/health')).toBe(tag);
}

beforeAll(async () => {
  await reset(lab);
  await operator.checkOut();
  expect((await deploy()).code, last.stderr).toBe(0);
});

afterEach(async () => {
  expect(await findResidue(lab), 'credentials left behind').toEqual([]);
  const said = `${last.stdout}${last.stderr}`;
  for (const value of ['hunter2', REGISTRY.password])
    expect(said.includes(value), `${value} in the output`).toBe(false);
});

describe('a first deploy', () => {
  test('shows Dozzle on the loopback of one manager and nowhere else', async () => {
    const ask = ['ss', '--listening', '--tcp', '--numeric', '--no-header', 'sport = :9999'];
    const listening = await Promise.all(lab.managers.map((manager) => manager.run(ask)));
    const addresses = listening.filter(Boolean).map((line) => line.split(/\s+/)[3]);
    expect(addresses).toEqual(['127.0.0.1:9999']);
  });

  test('keeps its bundle private', async () => {
    const modes = await lab.managers[0].run([
      'sh',
      '-c',
      'cd /home/deploy && find .waggle/shop -mindepth 1 -printf "%m %u %f\\n"',
    ]);
    const named = modes.split('\n').map((line) => line.replace(/\w+_\d{14}$/, 'bundle'));
    expect(named.sort()).toEqual([
      '600 deploy group',
      '600 deploy lock',
      '600 deploy release.json',
      '600 deploy stack.yml',
      '600 deploy status',
      '700 deploy bundle',
      '700 deploy deploy-stack',
    ]);
  });
});

describe('a next deploy', () => {
  test('survives its SSH connection being dropped while it waits', async () => {
    const tag = await operator.commit('third version');
    let printed = '';
    const running = operator.startWaggle(['deploy'], { onOutput: (text) => (printed += text) });
    await until('it waits', async () => printed.includes('> wait for convergence'));
    await dropSshConnections(lab);
    last = await running.output;
    expect(last.code, last.stderr).toBe(0);
    await expectRunning(tag);
  });

  test('prunes secret versions beyond those to keep, and never one that a previous spec names', async () => {
    const tag = await operator.sh('git rev-parse --short HEAD');
    expect(
      (
        await deploy({
          SKIP_BUILD: '1',
          DEPLOY_TAG: tag,
          SECRET_REUSE: 'false',
          SECRET_KEEP_VERSIONS: '1',
          RELEASES_KEEP: '1',
        })
      ).code,
      last.stderr,
    ).toBe(0);
    const named = JSON.stringify(await readServices(lab));
    const kept = await readSecretNames(lab);
    for (const name of kept) expect(named).toContain(name);
    const versionsOfOne = kept.filter((name) => name.startsWith('shop_secret_key_'));
    expect(versionsOfOne).toHaveLength(2);
  });

  test('builds what is committed, and a tree that is not only when that is allowed', async () => {
    await operator.sh('echo "// not committed" >>app/src/api.ts');
    const refused = await deploy();
    expect(refused.code, last.stderr).toBe(FAILURES.PREFLIGHT_FAILED);
    expect(refused.stderr).toContain('changes that are not committed');
    await operator.sh('git checkout -q . && git remote add origin https://me:hunter2@git.lab/shop.git');
    expect((await deploy()).stderr).toContain('is on no remote');
    expect((await deploy({ ALLOW_DIRTY: '1' })).code, last.stderr).toBe(0);
    const [image = ''] = (await readImages(lab)).shop_api ?? [];
    const labels = JSON.parse(
      await lab.managers[0].run(['docker', 'image', 'inspect', '--format', '{{json .Config.Labels}}', image]),
    );
    expect(labels).toMatchObject({
      'org.opencontainers.image.revision': await operator.sh('git rev-parse HEAD'),
      'org.opencontainers.image.source': 'https://git.lab/shop',
    });
    await operator.sh('git remote remove origin');
  });

  test('that is killed while it builds leaves a login, which the next run removes', async () => {
    await operator.commit('a version that is killed');
    let printed = '';
    const running = operator.startWaggle(['deploy'], { onOutput: (text) => (printed += text) });
    const logins = () => operator.sh('ls -d /tmp/waggle-run-*/config.json 2>/dev/null || true');
    await until('it is logged in', async () => printed.includes('> build') && (await logins()) !== '');
    await running.kill('SIGKILL');
    await running.output;
    expect(await logins()).not.toBe('');
    expect((await deploy()).code, last.stderr).toBe(0);
    expect(await operator.sh('ls -d /tmp/waggle-* 2>/dev/null || true')).toBe('');
  });

  test('builds for several platforms and pushes latest when asked', async () => {
    const tag = await operator.commit('fourth version');
    const env = { BUILD_PLATFORMS: 'linux/amd64,linux/arm64', PUSH_LATEST_TAG: 'true' };
    expect((await deploy(env)).code, last.stderr).toBe(0);
    await expectRunning(tag);
    for (const name of PINNED) {
      expect(await platformsOf(lab, `shop/${name}`, tag)).toEqual(['linux/amd64', 'linux/arm64']);
      expect(await digestOf(lab, `shop/${name}`, 'latest')).toBe(await digestOf(lab, `shop/${name}`, tag));
    }
  });
});

describe('a health check that could not be made', () => {
  const env = { DEPLOY_HEALTHCHECK_URL: 'http://nothing.invalid/', DEPLOY_HEALTHCHECK_ATTEMPTS: '2' };

  test('leaves the new version running, and says that nobody knows', async () => {
    const tag = await operator.commit('a version that cannot be asked');
    const { code, stderr } = await deploy(env);
    expect(code, last.stderr).toBe(FAILURES.HEALTH_UNKNOWN);
    expect(stderr).toContain('cannot resolve its name');
    await expectRunning(tag);
  });

  test('takes it back where that is wanted', async () => {
    const before = await readState(lab);
    await operator.commit('another that cannot be asked');
    const { code } = await deploy({ ...env, ON_INCONCLUSIVE: 'restore' });
    expect(code, last.stderr).toBe(FAILURES.RESTORE_UNHEALTHY);
    expect(await readState(lab)).toEqual(before);
  });
});

describe('a plan', () => {
  test('asks the cluster and changes nothing', async () => {
    const before = await readState(lab);
    last = await operator.waggle(['plan']);
    expect(last.code, last.stderr).toBe(0);
    expect(last.stdout).toContain('~ api: rolling restart, 3 tasks in place of 3');
    expect(await readState(lab)).toEqual(before);
  });

  test('is the same from ./.deploy_prod', async () => {
    const timeless = (text: string) => text.replaceAll(/\d{14}|\(\d.*s\)/g, '');
    const byWaggle = await deploy({ DRY_RUN: '1' });
    const byScript = await operator.sh('DRY_RUN=1 ./.deploy_prod');
    expect(timeless(byScript)).toBe(timeless(byWaggle.stdout.trim()));
  });
});

describe('a deploy that fails puts the whole stack back', () => {
  test('and says so when the old version does not answer well either', async () => {
    const before = await readState(lab);
    await operator.commit('a version that nobody can ask');
    const { code, stderr } = await deploy({ DEPLOY_HEALTHCHECK_URL: 'http://bastion.lab:8080/nowhere' });
    expect(code, last.stderr).toBe(FAILURES.RESTORE_UNHEALTHY);
    expect(stderr).toContain('the stack is restored, but not healthy');
    expect(stderr).toContain('it answered 404');
    expect(await readState(lab)).toEqual(before);
  });

  test('when one node cannot pull, before any old task stops', async () => {
    const [, m2] = lab.managers;
    const before = { state: await readState(lab), running: await readRunning(lab) };
    await operator.commit('a version that one node cannot have');
    await m2.run(['mv', '/etc/docker/certs.d', '/etc/docker/away']);
    const { code, stderr } = await deploy();
    await m2.run(['mv', '/etc/docker/away', '/etc/docker/certs.d']);
    expect(code, last.stderr).toBe(FAILURES.DEPLOY_FAILED);
    expect(stderr).toContain('cannot be pulled');
    expect(stderr).toMatch(/^ {2}m2: /m);
    expect({ state: await readState(lab), running: await readRunning(lab) }).toEqual(before);
  });

  test('when the manager has no room for the bundle', async () => {
    const before = await readState(lab);
    await fillDisk(lab.managers[0]);
    const { code, stderr } = await deploy();
    await freeDisk(lab.managers[0]);
    expect(code, last.stderr).toBe(FAILURES.DEPLOY_FAILED);
    expect(stderr).toContain('No space left on device');
    expect(await readState(lab)).toEqual(before);
  });
});

describe('nothing is changed', () => {
  let before: unknown;
  beforeAll(async () => {
    before = await readState(lab);
  });

  test('when a tag was never pushed', async () => {
    const { code, stderr } = await deploy({ SKIP_BUILD: '1', DEPLOY_TAG: 'no-such-tag' });
    expect(code, last.stderr).toBe(FAILURES.REGISTRY_REFUSED);
    expect(stderr).toContain('shop/api:no-such-tag');
    expect(await readState(lab)).toEqual(before);
  });

  test('when the host key is not known', async () => {
    const hostKey = await lab.managers[1].run(['cat', '/etc/ssh/ssh_host_ed25519_key.pub']);
    const { code, stderr } = await deploy({ DEPLOY_SSH_HOST_KEY: hostKey });
    expect(code, last.stderr).toBe(FAILURES.UNREACHABLE);
    expect(stderr).toContain('the host key of bastion.lab:2201 is not the known one');
  });

  test('when uploads would be spread over local volumes of several nodes', async () => {
    const noB2 = { B2_ENDPOINT: '', B2_KEY_ID: '', B2_APP_KEY: '', B2_BUCKET_NAME: '' };
    const { code, stderr } = await deploy(noB2);
    expect(code, last.stderr).toBe(FAILURES.CONFIG_INVALID);
    expect(stderr).toContain('404');
    expect(await readState(lab)).toEqual(before);
  });
});
