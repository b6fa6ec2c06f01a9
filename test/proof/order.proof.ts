// Proves: waves follow depends_on, release jobs run once and first, and checks inside the cluster decide.
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { until } from '../../src/lab/engine.ts';
import type { Output } from '../../src/lab/machine.ts';
import { REGISTRY } from '../../src/lab/topology.ts';
import { FAILURES } from '../../src/shared/errors.ts';
import { askSwarm } from '../lab/ask-swarm.ts';
import { findResidue, readRollout, readServices } from '../lab/cluster.ts';
import { IMAGE, type Probe } from '../lab/probe.ts';
import { probeOnCleanLab } from '../lab/probe-on-clean-lab.ts';

/** What comes before what in a deploy, what runs once for each, and what is asked from inside the cluster. */
const { lab, operator, probe } = await probeOnCleanLab();

afterEach(async () => expect(await findResidue(lab), 'credentials left behind').toEqual([]));

const service = (name: string, command: string, more = '', deploy = '') =>
  `${name}: { image: "${IMAGE}", entrypoint: [sh, -c], command: ["${command}"], stop_grace_period: 1s, ${more} deploy: { endpoint_mode: dnsrr, ${deploy} } }`;
const job = (command: string, more = '') =>
  service('migrate', command, `x-waggle: { phase: release }, ${more}`);
const lines = (...services: readonly string[]) => services.join('\n  ');

async function deploy(change: Parameters<Probe['setStack']>[0], env = {}): Promise<Output> {
  await probe.setStack(change);
  return probe.run(['deploy'], env);
}

async function expectDeployed(change: Parameters<Probe['setStack']>[0], env = {}): Promise<string> {
  const { code, stdout, stderr } = await deploy(change, env);
  expect(code, stdout + stderr).toBe(0);
  return stdout;
}

const namesOf = async () => (await readServices(lab)).map(({ Spec }) => Spec.Name).sort();

/** When each service was last changed, by the cluster's own time, oldest first. */
async function readOrder(): Promise<readonly string[]> {
  const services = await askSwarm<{ UpdatedAt: string; Spec: { Name: string } }[]>(lab, '/services');
  return services
    .toSorted((a, b) => a.UpdatedAt.localeCompare(b.UpdatedAt))
    .map(({ Spec }) => Spec.Name.replace('probe_', ''));
}

describe('the release phase', () => {
  test('that fails on a first deploy leaves nothing behind', async () => {
    const { code, stdout, stderr } = await deploy({ extra: job('echo no such table; exit 3') });
    expect(code, stderr).toBe(FAILURES.NOT_CONVERGED);
    expect(stdout).toContain('probe_migrate | no such table');
    expect(await namesOf()).toEqual([]);
    const networks = await askSwarm<unknown[]>(lab, '/networks', {
      label: ['com.docker.stack.namespace=probe'],
    });
    expect(networks).toEqual([]);
  });

  test('runs once for each deploy, before any service, with networks and secrets; its output is shown', async () => {
    const reads = 'cat /run/secrets/password | wc -c; echo begun; sleep 2; echo done';
    const change = { extra: job(reads, 'secrets: [password],') };
    const first = await expectDeployed(change);
    expect(first.match(/probe_migrate \| .*/g)).toEqual([
      'probe_migrate | 25',
      'probe_migrate | begun',
      'probe_migrate | done',
    ]);
    expect(first.indexOf('| done')).toBeLessThan(first.indexOf('> deploy the stack'));
    expect(await namesOf()).toEqual(['probe_side', 'probe_web']);
    const { plan, output } = await probe.plan();
    expect(plan.services.map(({ name, action }) => `${name} ${action}`)).toEqual([
      'migrate run',
      'side nothing',
      'web nothing',
    ]);
    expect(output.code, output.stderr).toBe(0);
    const before = await probe.tasks();
    expect((await expectDeployed(change)).match(/\| done/g)).toHaveLength(1);
    expect(await probe.tasks()).toEqual(before);
  });

  test('that fails keeps every service as it was', async () => {
    const before = { ...(await readRollout(lab)), tasks: await probe.tasks() };
    const extra = job('echo no such column; exit 1');
    const { code, stdout, stderr } = await deploy({ extra, environment: '{ A: "2" }' });
    expect(code, stderr).toBe(FAILURES.NOT_CONVERGED);
    expect(stdout).not.toContain('> deploy the stack');
    expect(stderr).toContain('| no such column');
    expect({ ...(await readRollout(lab)), tasks: await probe.tasks() }).toEqual(before);
  });

  test('is no part of what is put back, also when its run was killed', async () => {
    await probe.setStack({ extra: job('echo begun; sleep 600'), environment: '{ A: "2" }' });
    const before = await readRollout(lab);
    let printed = '';
    const running = operator.startWaggle(['deploy', '--env', 'probe'], {
      env: { DEPLOY_TAG: 'v1' },
      onOutput: (text) => (printed += text),
    });
    await until('the job runs', async () => printed.includes('probe_migrate | begun'));
    await running.kill('SIGKILL');
    await running.output;
    expect(await namesOf()).toContain('probe_migrate');
    const crash = 'replicas: 2, restart_policy: { delay: 500ms }';
    await probe.unlock();
    await probe.setStack({ extra: lines(job('echo again'), service('bad', 'exit 1', '', crash)) });
    const { code, stderr } = await probe.run(['deploy', '--on-interrupted=resume']);
    expect(code, stderr).toBe(FAILURES.NOT_CONVERGED);
    expect(await readRollout(lab)).toEqual(before);
  });
});

describe('depends_on', () => {
  const web = 'depends_on: { api: { condition: service_healthy } }';
  const api = (command: string) =>
    service('api', command, 'depends_on: [db],', 'restart_policy: { delay: 500ms }');
  const db = (name: string) => service('db', `echo ${name}; sleep 600`);

  test('orders the rollout, and its undoing the other way round', async () => {
    const extra = lines(db('one'), api('sleep 600'));
    const stdout = await expectDeployed({ web, extra });
    const waves = stdout.match(/wave \d: .*/g);
    expect(waves).toEqual(['wave 1: side, db', 'wave 2: api']);
    const before = await readRollout(lab);
    const changed = {
      web: `${web}\n    hostname: new`,
      extra: lines(db('two'), api('sleep 601')),
      side: 'replicas: 2',
    };
    const { code, stderr } = await deploy(changed, {
      DEPLOY_HEALTHCHECK_URL: `https://${REGISTRY.host}/nowhere`,
      DEPLOY_HEALTHCHECK_ATTEMPTS: '1',
    });
    expect(code, stderr).toBe(FAILURES.RESTORE_UNHEALTHY);
    expect(await readRollout(lab)).toEqual(before);
    const order = await readOrder();
    expect(order.indexOf('web')).toBeLessThan(order.indexOf('api'));
    expect(order.indexOf('api')).toBeLessThan(order.indexOf('db'));
  });

  test('keeps what depends on a service that fails from being touched', async () => {
    const before = { ...(await readRollout(lab)), tasks: await probe.tasks() };
    const { code, stdout, stderr } = await deploy({
      web: `${web}\n    hostname: newer`,
      extra: lines(db('one'), api('echo broken; exit 1')),
    });
    expect(code, stderr).toBe(FAILURES.NOT_CONVERGED);
    expect(stdout).not.toContain('> deploy the stack');
    const { tasks, ...state } = before;
    expect(await readRollout(lab)).toEqual(state);
    const now = await probe.tasks();
    expect([now.web, now.db]).toEqual([tasks.web, tasks.db]);
  });
});

describe('a check inside the cluster', () => {
  const checked = (command: string) =>
    `x-waggle: { check: "${command}" }\n    networks: { default: { aliases: [cache] } }`;
  beforeAll(() => expectDeployed({}));

  test('reaches the service by its name, and leaves nothing behind', async () => {
    const asks = 'test -s /run/secrets/password && getent hosts cache && test {{version}} = v1';
    await expectDeployed({ web: checked(asks) });
    expect(await namesOf()).toEqual(['probe_side', 'probe_web']);
  });

  test('that fails takes the release back', async () => {
    const before = await readRollout(lab);
    // The version before is asked for its own, and answers well.
    const web = checked('echo this is v1; test {{version}} = v1');
    const { code, stderr } = await deploy({ web, side: 'replicas: 2' }, { DEPLOY_TAG: 'v2' });
    expect(code, stderr).toBe(FAILURES.UNHEALTHY);
    expect(stderr).toContain('| this is v1');
    expect(await readRollout(lab)).toEqual(before);
  });

  test('that the image cannot run says so; whoever sits at a terminal decides', async () => {
    const before = await readRollout(lab);
    await probe.setStack({ web: checked('no-such-program {{version}}'), side: 'replicas: 2' });
    const ask = async (text: string) => {
      const type = `for _ in $(seq 1500); do grep -q 'put the stack back' /tmp/typed && break; sleep 0.2; done; echo ${text}`;
      const waggle =
        'script --quiet --flush --command "waggle deploy --env probe; echo status \\$?" /tmp/typed';
      const shown = await operator.sh(`rm -f /tmp/typed; export DEPLOY_TAG=v1; { ${type}; } | ${waggle}`);
      await operator.sh('rm -f /tmp/typed');
      return shown;
    };
    // Nobody can ask the version before either: somebody has to look.
    expect(await ask('y')).toContain(`status ${FAILURES.RESTORE_UNHEALTHY}`);
    expect(await readRollout(lab)).toEqual(before);
    const shown = await ask('n');
    expect(shown).toContain('it needs a program that its image has');
    expect(shown).toContain(`status ${FAILURES.HEALTH_UNKNOWN}`);
    expect((await probe.tasks()).side).toHaveLength(2);
  });
});

test('a certificate that ends soon is a warning', async () => {
  const stdout = await expectDeployed(
    {},
    {
      DEPLOY_HEALTHCHECK_URL: `https://${REGISTRY.host}/v2/ status=401`,
      NODE_EXTRA_CA_CERTS: `/etc/docker/certs.d/${REGISTRY.host}/ca.crt`,
    },
  );
  expect(stdout).toMatch(/warning: the certificate of .* ends in \d days: renew it/);
});
