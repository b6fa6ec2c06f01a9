// Proves: a network, config, secret or service that somebody removes in the middle of a deploy is restored, or named.
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { until } from '../../src/lab/engine.ts';
import type { Output } from '../../src/lab/machine.ts';
import { FAILURES } from '../../src/shared/errors.ts';
import { askSwarm } from '../lab/ask-swarm.ts';
import { findResidue, readOpenRecords, readRollout, readRunning, readSpecs } from '../lab/cluster.ts';
import { everyStep } from '../lab/kill-points.ts';
import { labUp } from '../lab/lab.ts';
import { Operator } from '../lab/operator.ts';
import { IMAGE, Probe } from '../lab/probe.ts';
import { reset } from '../lab/reset.ts';
import { runMeanwhile } from '../lab/run-meanwhile.ts';
import { shown } from '../lab/shown.ts';

/** Docker lets everybody remove what only the specs before name: those that a deploy that fails has to put back. */
const lab = await labUp();
const [m1] = lab.managers;
const operator = new Operator(lab);
const probe = new Probe(operator);
const NETWORK = 'probe_inside';

const INSIDE = {
  web: 'networks: [default, inside]',
  top: `networks:
  inside:
    attachable: true
    driver_opts: { com.docker.network.driver.mtu: "1400" }
    ipam: { config: [{ subnet: 10.77.0.0/24 }] }
    labels: { team: shop }`,
};
/** It is on that network no more, and never says whether it is well. */
const BROKEN = {
  web: 'healthcheck: { test: ["CMD", "false"], interval: 1s, start_period: 900s }',
  environment: '{ A: "2" }',
  sideKeys: 'environment: { A: "2" }',
};

beforeAll(() => reset(lab));
afterAll(() => reset(lab));
afterEach(async () => expect(await findResidue(lab), 'credentials left behind').toEqual([]));

beforeEach(async () => {
  await reset(lab);
  await operator.checkOut();
  await probe.setUp();
  await expectDeployed(INSIDE);
});

async function expectDeployed(change: Parameters<Probe['setStack']>[0]): Promise<void> {
  await probe.setStack(change);
  const { code, stdout, stderr } = await probe.run(['deploy']);
  expect(code, stdout + stderr).toBe(0);
}

/** Deploys what never comes up; once no service names what was, it is removed, and the deploy is stopped. */
async function stopAfterRemoving(what: readonly (readonly string[])[], env = {}): Promise<Output> {
  await probe.setStack(BROKEN);
  let printed = '';
  const running = operator.startWaggle(['deploy', '--env', 'probe'], {
    env: { DEPLOY_TAG: 'v1', ...env },
    onOutput: (text) => (printed += text),
  });
  await until('it waits', async () => printed.includes('> wait for convergence'));
  for (const argv of what)
    await until(`done: ${argv.join(' ')}`, async () => (await m1.exec(['docker', ...argv])).code === 0);
  await running.kill('SIGINT');
  return running.output;
}

/** All that was asked for of the network; its ids and those of the addresses are others. */
async function readNetwork(): Promise<unknown> {
  const [network] = await askSwarm<Record<string, object>[]>(lab, '/networks', { name: [NETWORK] });
  const { Driver, Attachable, Internal, EnableIPv6, Labels, IPAM, Options } = network ?? {};
  const { 'com.docker.network.driver.overlay.vxlanid_list': _, ...options } = (Options ?? {}) as Record<
    string,
    string
  >;
  return { Driver, Attachable, Internal, EnableIPv6, Labels, IPAM, options };
}

/** The specs by the names of their networks, secrets and configs, whose ids are others once they are made again. */
async function readNamed(): Promise<string> {
  const networks = await askSwarm<{ Id: string; Name: string }[]>(lab, '/networks');
  const text = JSON.stringify(await readSpecs(lab)).replaceAll(/"(Secret|Config)ID":"\w+"/g, '');
  return networks.reduce((all, { Id, Name }) => all.replaceAll(Id, Name), text);
}

const version = async (kind: 'secrets' | 'configs', key: string): Promise<string> => {
  const objects = await askSwarm<{ Spec: { Name: string } }[]>(lab, `/${kind}`);
  return objects.map(({ Spec }) => Spec.Name).find((name) => name.startsWith(`probe_${key}_`)) ?? '';
};

async function expectNoDrift(): Promise<void> {
  const { stdout } = await probe.run(['status']);
  expect(stdout).not.toMatch(/interrupted|by hand/);
}

test('a network and a config are made again, as they were', async () => {
  const [specs, network, settings] = [
    await readNamed(),
    await readNetwork(),
    await version('configs', 'settings'),
  ];
  const config = async () => m1.run(['docker', 'config', 'inspect', settings, '--format', '{{json .Spec}}']);
  const was = await config();
  await probe.setFile('settings.txt', 'two');
  const { code, stdout, stderr } = await stopAfterRemoving([
    ['network', 'rm', NETWORK],
    ['config', 'rm', settings],
  ]);
  expect(code, stdout + stderr).toBe(FAILURES.CANCELLED);
  expect(network).toMatchObject({
    Attachable: true,
    Labels: { team: 'shop' },
    IPAM: { Config: [{ Subnet: '10.77.0.0/24' }] },
    options: { 'com.docker.network.driver.mtu': '1400' },
  });
  expect(await readNetwork()).toEqual(network);
  expect(await config()).toBe(was);
  expect(await readNamed()).toBe(specs);
  expect((await readRunning(lab)).length).toBe(3);
  await expectNoDrift();
  await probe.setFile('settings.txt', 'one');
  await probe.setStack(INSIDE);
  const { plan } = await probe.plan();
  expect(plan.services.map(({ action }) => action)).toEqual(['nothing', 'nothing']);
});

test('a secret is made again when the run has its value', async () => {
  const [specs, password] = [await readNamed(), await version('secrets', 'password')];
  const { code, stdout, stderr } = await stopAfterRemoving([['secret', 'rm', password]], {
    SECRET_REUSE: 'false',
  });
  expect(code, stdout + stderr).toBe(FAILURES.CANCELLED);
  expect(await version('secrets', 'password')).toBe(password);
  expect(await readNamed()).toBe(specs);
});

test('one whose value nobody has is told; all else is put back, and the rest once it is there', async () => {
  const [specs, password] = [await readNamed(), await version('secrets', 'password')];
  await probe.setFile('secrets/password.txt', 'probe-hunter2-never-shown-again');
  const { code, stdout, stderr } = await stopAfterRemoving([['secret', 'rm', password]]);
  expect(code, stdout + stderr).toBe(FAILURES.RESTORE_FAILED);
  expect(stderr).toContain(`cannot restore probe_web: the secret ${password} no longer exists`);
  expect(stderr).toContain(`docker secret create`);
  expect(stderr).not.toMatch(/Error response|secret not found|in use/);
  const envOf = async () =>
    Object.fromEntries(
      (await readSpecs(lab)).map(({ Name, TaskTemplate }) => [Name, TaskTemplate.ContainerSpec.Env ?? []]),
    );
  expect(await envOf()).toEqual({ probe_side: [], probe_web: ['A=2'] });
  // As the message says.
  const create = shown('docker secret create <name> <file>', { '<name>': password, '<file>': '-' });
  await m1.run(['sh', '-c', create], { input: 'probe-hunter2-never-shown' });
  // What was left is put back before a deploy is refused.
  await probe.setStack({ ...INSIDE, placement: 'placement: { constraints: ["node.labels.no == such"] }' });
  const after = await probe.run(['deploy', '--on-interrupted=rollback']);
  expect(after.code, after.stdout + after.stderr).toBe(FAILURES.PREFLIGHT_FAILED);
  expect(after.stdout).toContain('the stack is restored');
  expect(await readNamed()).toBe(specs);
  expect(await readOpenRecords(lab)).toEqual([]);
});

test('a rollback makes the network of its release again', async () => {
  const [specs, network] = [await readNamed(), await readNetwork()];
  await expectDeployed({ environment: '{ A: "2" }' });
  await m1.run(['docker', 'network', 'rm', NETWORK]);
  const { code, stdout, stderr } = await probe.run(['rollback', 'r1']);
  expect(code, stdout + stderr).toBe(0);
  expect(await readNetwork()).toEqual(network);
  expect(await readNamed()).toBe(specs);
  await expectNoDrift();
});

/** Its URL answers well, so that only the removal can fail the deploy. */
const WATCHED = { DEPLOY_TAG: 'v2', ...everyStep.env, DEPLOY_HEALTHCHECK_BAKE: '600' };
const ADDED = `added: { image: "${IMAGE}", command: [redis-server], deploy: { endpoint_mode: dnsrr } }`;

test.each([
  ['that the release changed', 'probe_web'],
  ['that the release left as it was', 'probe_side'],
  ['that the release added', 'probe_added'],
])(
  'a service %s, removed during the health check, fails the deploy and all is restored',
  async (_what, name) => {
    const before = await readRollout(lab);
    await probe.setStack({ ...INSIDE, environment: '{ A: "2" }', extra: ADDED });
    const argv = ['deploy', '--env', 'probe'];
    const { code, stdout, stderr } = await runMeanwhile(operator, argv, WATCHED, async ({ says }) => {
      await says('watched, second');
      await m1.run(['docker', 'service', 'rm', name]);
    });
    expect(code, stdout + stderr).toBe(FAILURES.NOT_CONVERGED);
    expect(stderr).toMatch(new RegExp(`error: .*${name}`));
    expect(await readRollout(lab)).toEqual(before);
    expect(await readOpenRecords(lab)).toEqual([]);
    await expectNoDrift();
  },
);
