import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { until } from '../../src/lab/engine.ts';
import type { Output } from '../../src/lab/machine.ts';
import { REGISTRY } from '../../src/lab/topology.ts';
import { FAILURES } from '../../src/shared/errors.ts';
import { dropSshConnections, fillDisk, freeDisk, WRONG_PASSWORD } from '../lab/faults.ts';
import { labUp } from '../lab/lab.ts';
import { B2_APP_KEY, CLUSTER_ENV, Operator, SECRETS } from '../lab/operator.ts';
import { digestOf, platformsOf, tagsOf } from '../lab/registry.ts';
import { reset } from '../lab/reset.ts';
import {
  findResidue,
  readImages,
  readRunning,
  readSecretNames,
  readServices,
  readState,
  readVersion,
} from './cluster.ts';

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
});

afterEach(async () => {
  expect(await findResidue(lab), 'credentials left behind').toEqual([]);
  const said = `${last.stdout}${last.stderr}`;
  for (const value of ['hunter2', REGISTRY.password])
    expect(said.includes(value), `${value} in the output`).toBe(false);
});

describe('a first deploy', () => {
  test('that fails leaves nothing behind', async () => {
    const { code, stderr } = await deploy({ FAULT_WORKER: 'worker-crash' });
    expect(stderr).toContain('shop_worker');
    expect(code, last.stderr).toBe(FAILURES.NOT_CONVERGED);
    expect(await readState(lab)).toEqual({ specs: [], images: {}, secrets: [], networks: [] });
  });

  test('runs every service at the digests that were pushed, with its secrets', async () => {
    const tag = await operator.sh('git rev-parse --short HEAD');
    const { code, stdout, stderr } = await deploy();
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    await expectRunning(tag);
    expect(stdout).toMatch(/^ {2}storage: S3 bucket lab-uploads/m);

    const health = () => operator.sh('curl --silent http://bastion.lab:8080/health');
    await until(
      'the api reaches redis by its name',
      async () => JSON.parse(await health()).redis === 'up',
      20,
    );
    expect(JSON.parse(await health())).toMatchObject({ service: 'api', storage: 's3', version: tag });

    const id = /release (\S+) of shop runs/.exec(stdout)?.[1];
    expect(id).toMatch(new RegExp(`^${tag}_\\d{14}$`));
    const names = Object.keys(SECRETS).map((file) => `shop_${file.split('.')[0]}_${id}`);
    expect(await readSecretNames(lab)).toEqual(names.sort());
    const services = await readServices(lab);
    const worker = services.find(({ Spec }) => Spec.Name === 'shop_worker')?.Spec.TaskTemplate.ContainerSpec;
    const targets = worker?.Secrets?.map(({ SecretName, File }) => [File.Name, SecretName]).sort();
    const keys = ['apns_auth_key', 'email_host_password', 'fcm_server_key', 'postgres_password'];
    expect(targets).toEqual(keys.map((key) => [key, `shop_${key}_${id}`]));
    const api = services.find(({ Spec }) => Spec.Name === 'shop_api')?.Spec.TaskTemplate.ContainerSpec;
    expect(api?.Env).toContain(`B2_APP_KEY=${B2_APP_KEY}`);
  });

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
      '600 deploy pid',
      '600 deploy release.json',
      '600 deploy stack.yml',
      '600 deploy status',
      '700 deploy bundle',
      '700 deploy deploy-stack.yml',
    ]);
  });
});

describe('a next deploy', () => {
  test('replaces what changed and leaves the rest running', async () => {
    const before = await readRunning(lab);
    const tag = await operator.commit('second version');
    expect((await deploy()).code, last.stderr).toBe(0);
    await expectRunning(tag);
    const unchanged = ({ service }: { service: string }) => /redis|dozzle/.test(service);
    expect((await readRunning(lab)).filter(unchanged)).toEqual(before.filter(unchanged));
    const plan = await operator.waggle(['plan', '--detailed-exitcode']);
    expect(plan.code, plan.stdout + plan.stderr).toBe(0);
    expect(plan.stdout).toContain('nothing to do: all 5 services are as planned');
  });

  test('with SKIP_BUILD=1 runs an older tag that was pushed before', async () => {
    const tag = await operator.sh('git rev-parse --short HEAD~1');
    const digest = await digestOf(lab, 'shop/api', tag);
    const { code, stdout } = await deploy({ SKIP_BUILD: '1', DEPLOY_TAG: tag });
    expect(code, last.stderr).toBe(0);
    expect(stdout).not.toContain('> build and push images');
    await expectRunning(tag);
    expect(await digestOf(lab, 'shop/api', tag)).toBe(digest);
  });

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
      'org.opencontainers.image.source': 'https://git.lab/shop.git',
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

describe('DRY_RUN=1', () => {
  test('prints the plan and touches neither cluster nor registry nor disk', async () => {
    const disk = () =>
      operator.sh(
        'find . /tmp /home/operator -newer /lab/ready -type f -printf "%p %T@ %s\\n" 2>/dev/null | grep -v "^/tmp/pid" | sort',
      );
    const tag = await operator.commit('never deployed');
    const before = { state: await readState(lab), disk: await disk(), tags: await tagsOf(lab, 'shop/api') };
    const { code, stdout } = await deploy({ DRY_RUN: '1', PATH: '/usr/local/bin:/usr/bin:/bin' });
    expect(code, last.stderr).toBe(0);
    expect(stdout).toContain(`api: 3 replicas, ${REGISTRY.host}/shop/api:${tag}`);
    expect({ state: await readState(lab), disk: await disk(), tags: await tagsOf(lab, 'shop/api') }).toEqual(
      before,
    );
  });
});

describe('a plan', () => {
  test('needs no Docker, no network and no cluster when it is offline', async () => {
    const cutOff = ['unshare', '--net', 'runuser', '--user', 'operator', '--', 'waggle', 'plan', '--offline'];
    const env = { HOME: '/home/operator', DOCKER_HOST: 'unix:///nowhere' };
    last = await lab.workstation.exec(cutOff, { cwd: '/home/operator/project', env });
    expect(last.code, last.stderr).toBe(0);
    expect(last.stdout).toMatch(/^ {2}steps$/m);
  });

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
  test('when the worker crashes at start', async () => {
    const before = await readState(lab);
    const tag = await operator.commit('a worker that crashes');
    const { code, stderr } = await deploy({ FAULT_WORKER: 'worker-crash' });
    expect(code, last.stderr).toBe(FAILURES.NOT_CONVERGED);
    expect(stderr).toContain('shop_worker');
    expect(stderr).toContain('non-zero exit (1)');
    expect(stderr).toContain('worker: cannot parse the job schema');
    expect(await readState(lab)).toEqual(before);
    expect(await readVersion(lab)).not.toBe(tag);
  });

  test('when the new version runs but is not healthy over HTTP, and a service was removed meanwhile', async () => {
    const before = await readState(lab);
    await operator.commit('an api that is not healthy');
    let printed = '';
    const running = operator.startWaggle(['deploy'], {
      env: { FAULT_API: 'api-unhealthy' },
      onOutput: (text) => (printed += text),
    });
    await until('all has converged', async () => printed.includes('> check health'));
    await lab.managers[0].run(['docker', 'service', 'rm', 'shop_dozzle']);
    last = await running.output;
    const { code, stderr } = last;
    expect(code, last.stderr).toBe(FAILURES.UNHEALTHY);
    expect(stderr).toContain('it answered 503');
    expect(await readState(lab)).toEqual(before);
  });

  test('and says so when the old version does not answer well either', async () => {
    const before = await readState(lab);
    await operator.commit('a version that nobody can ask');
    const { code, stderr } = await deploy({ DEPLOY_HEALTHCHECK_URL: 'http://bastion.lab:8080/nowhere' });
    expect(code, last.stderr).toBe(FAILURES.RESTORE_UNHEALTHY);
    expect(stderr).toContain('the stack is back as it was, but is not healthy');
    expect(stderr).toContain('it answered 404');
    expect(await readState(lab)).toEqual(before);
  });

  test('when Ctrl-C stops it in the middle of convergence', async () => {
    const before = await readState(lab);
    const tag = await operator.commit('a version that is stopped');
    const running = operator.startWaggle(['deploy']);
    await until(
      'a task of the new version runs',
      async () => JSON.stringify(await readRunning(lab)).includes(tag),
      180,
    );
    await running.kill('SIGINT');
    last = await running.output;
    expect(last.code, last.stderr).toBe(FAILURES.CANCELLED);
    expect(last.stderr).toContain('stopped by SIGINT');
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

test('what is left behind would be found', async () => {
  const planted = { workstation: '/tmp/waggle-planted', m1: '/home/deploy/planted' };
  await lab.workstation.writeFile(planted.workstation, '');
  await lab.managers[0].writeFile(planted.m1, `x ${SECRETS['secret_key.txt']} y`);
  expect((await findResidue(lab)).sort()).toEqual([`m1:${planted.m1}`, `workstation:${planted.workstation}`]);
  await lab.workstation.run(['rm', planted.workstation]);
  await lab.managers[0].run(['rm', planted.m1]);
});

describe('nothing is changed', () => {
  let before: unknown;
  beforeAll(async () => {
    before = await readState(lab);
  });

  test('when the registry refuses the password', async () => {
    const { code, stderr } = await deploy({ REGISTRY_TOKEN: WRONG_PASSWORD });
    expect(code, last.stderr).toBe(FAILURES.REGISTRY_REFUSED);
    expect(stderr).toContain('registry.lab:5000');
    expect(stderr).not.toContain(WRONG_PASSWORD);
    expect(await readState(lab)).toEqual(before);
  });

  test('when a tag was never pushed', async () => {
    const { code, stderr } = await deploy({ SKIP_BUILD: '1', DEPLOY_TAG: 'no-such-tag' });
    expect(code, last.stderr).toBe(FAILURES.REGISTRY_REFUSED);
    expect(stderr).toContain('shop/api:no-such-tag');
    expect(await readState(lab)).toEqual(before);
  });

  test('when the manager cannot be reached', async () => {
    const { code, stderr } = await deploy({ DEPLOY_MANAGER_SSH_PORT: '2299' });
    expect(code, last.stderr).toBe(FAILURES.UNREACHABLE);
    expect(stderr).toContain('deploy@bastion.lab:2299: the connection was refused');
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

  test('when files are incomplete: every problem is named at once', async () => {
    await operator.fillIn('cluster.env', { ...CLUSTER_ENV, STACK_NAME: 'Shop', DEPLOY_TIMEOUT: 'soon' });
    const { code, stderr } = await deploy({ B2_BUCKET_NAME: '' });
    await operator.fillIn('cluster.env', CLUSTER_ENV);
    expect(code, last.stderr).toBe(FAILURES.CONFIG_INVALID);
    expect(stderr).toContain('deploy/cluster.env:4: STACK_NAME');
    expect(stderr).toContain('deploy/cluster.env:7: DEPLOY_TIMEOUT');
    expect(stderr).toContain('B2_BUCKET_NAME is empty');
    expect(await readState(lab)).toEqual(before);
  });
});
