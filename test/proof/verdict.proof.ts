// Proves: exit 0 means that the cluster runs what was planned, up to the verdict, on the cluster that Waggle reads.
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { until } from '../../src/lab/engine.ts';
import { REGISTRY } from '../../src/lab/topology.ts';
import { FAILURES } from '../../src/shared/errors.ts';
import { askSwarm } from '../lab/ask-swarm.ts';
import { findResidue, readOpenRecords, readRollout } from '../lab/cluster.ts';
import { replaceStackDeploy, restoreStackDeploy } from '../lab/docker-wrapper.ts';
import { CA } from '../lab/kill-points.ts';
import type { Parts } from '../lab/probe.ts';
import { probeOnCleanLab } from '../lab/probe-on-clean-lab.ts';

const { lab, operator, probe } = await probeOnCleanLab();
const [m1] = lab.managers;
const PROBE_IMAGE = `${REGISTRY.host}/library/redis:7`;
const BASHRC = '/home/deploy/.bashrc';
/** It answers as it should, whatever happens to the stack. */
const URL = `https://${REGISTRY.host}/v2/ status=401`;

beforeAll(() => deployed({}));
let before: Awaited<ReturnType<typeof readRollout>>;
beforeEach(async () => {
  await until('web and side run every task that they want', areComplete);
  before = await readRollout(lab);
});
afterEach(async () => {
  expect(await findResidue(lab), 'credentials left behind').toEqual([]);
  expect(await readOpenRecords(lab)).toEqual([]);
});

/** A count of all tasks would let a third task of web pass for the missing one of side. */
async function areComplete(): Promise<boolean> {
  const services = await askSwarm<ServiceCounts[]>(lab, '/services', { name: ['probe_web', 'probe_side'] });
  return (
    services.length === 2 &&
    services.every(({ ServiceStatus: { RunningTasks, DesiredTasks } }) => RunningTasks === DesiredTasks)
  );
}
interface ServiceCounts {
  readonly ServiceStatus: { readonly RunningTasks: number; readonly DesiredTasks: number };
}

let version = 0;
/** Another environment of `web`, so that every deploy changes something. */
const next = () => ({ environment: `{ VERSION: "${++version}" }` });
async function deployed(change: Partial<Parts>, env: Readonly<Record<string, string>> = {}): Promise<void> {
  await probe.setStack({ ...next(), ...change });
  const { code, stdout, stderr } = await probe.run(['deploy'], env);
  expect(code, stdout + stderr).toBe(0);
  expect(await readVersion()).toBe(`VERSION=${version}`);
}
const readVersion = async () =>
  (await m1.run(['docker', 'service', 'inspect', '--format', ENV, 'probe_web'])).trim();
const ENV = '{{range .Spec.TaskTemplate.ContainerSpec.Env}}{{.}}{{end}}';

const stays = (script: string, deploy: string) => ({
  sideKeys: `entrypoint: [sh, -c, "${script}"]`,
  side: `replicas: 1, ${deploy}`,
});
const BAKED = {
  DEPLOY_HEALTHCHECK_URL: URL,
  NODE_EXTRA_CA_CERTS: CA,
  DEPLOY_HEALTHCHECK_BAKE: '40',
};

/** Deploys, and does something while health is watched. */
async function deployAndMeanwhile(
  change: Partial<Parts>,
  env: Readonly<Record<string, string>>,
  meanwhile: () => Promise<unknown>,
) {
  await probe.setStack({ ...next(), ...change });
  let printed = '';
  const running = operator.startWaggle(['deploy', '--env', 'probe'], {
    env: { DEPLOY_TAG: 'v1', ...BAKED, ...env },
    onOutput: (text) => (printed += text),
  });
  let isOver = false;
  void running.output.then(() => (isOver = true));
  await until('health is watched', async () => isOver || printed.includes('watched, second'));
  expect(isOver, printed).toBe(false);
  await meanwhile();
  return running.output;
}

/** It ends with this status when it is told to. */
const endsWith = (status: number, policy: string) => ({
  ...stays(`trap 'echo no luck; exit ${status}' USR1; while :; do sleep 0.2; done`, ON_M1 + policy),
});
const ON_M1 = 'placement: { constraints: ["node.hostname == m1"] }, ';
const endSide = () =>
  m1.run(['sh', '-c', 'docker kill --signal USR1 $(docker ps --quiet --filter name=probe_side)']);

describe('a task that ends after convergence', () => {
  test.each([
    ['for good, with an error', 3, 'restart_policy: { condition: none }'],
    ['and is begun again', 3, 'restart_policy: { delay: 1s }'],
    ['well, though it is to run on', 0, 'restart_policy: { delay: 1s }'],
  ])('%s takes the verdict back, while the URL answers', async (_what, status, policy) => {
    const env = { DEPLOY_HEALTHCHECK_BAKE: '600' };
    const { code, stdout, stderr } = await deployAndMeanwhile(endsWith(status, policy), env, endSide);
    expect(code, stdout + stderr).toBe(FAILURES.NOT_CONVERGED);
    expect(stderr).toContain('probe_side: a task ended after the service had converged');
    expect(stderr).toContain('| no luck');
    expect(await readRollout(lab)).toEqual(before);
  });

  test('takes the verdict back while a check inside still warms up', async () => {
    const warming = 'x-waggle: { check: "sleep 60" }';
    const { sideKeys, side } = stays('sleep 15; exit 1', 'restart_policy: { condition: none }');
    await probe.setStack({ ...next(), web: warming, sideKeys, side });
    const { code, stdout, stderr } = await probe.run(['deploy'], { DEPLOY_HEALTHCHECK_TIMEOUT: '30' });
    expect(code, stdout + stderr).toBe(FAILURES.NOT_CONVERGED);
    expect(await readRollout(lab)).toEqual(before);
    const services = await m1.run(['docker', 'service', 'ls', '--format', '{{.Name}}']);
    expect(services.split('\n').sort()).toEqual(['probe_side', 'probe_web']);
  });

  test.each([
    ['well, as its policy lets it', 'once', stays('sleep 15', 'restart_policy: { condition: on-failure }')],
    ['well, as a job', 'job', stays('sleep 15', 'mode: replicated-job')],
  ])('%s, stands', async (_what, name, change) => {
    await probe.setStack({ ...next(), extra: `${name}: { image: "${PROBE_IMAGE}", ${asService(change)} }` });
    const { code, stdout, stderr } = await probe.run(['deploy'], BAKED);
    expect(code, stdout + stderr).toBe(0);
    expect(await readVersion()).toBe(`VERSION=${version}`);
  });
});

const asService = ({ sideKeys, side }: { readonly sideKeys: string; readonly side: string }) =>
  `${sideKeys}, deploy: { ${side} }`;

describe('while health is watched', () => {
  test.each([
    ['of a service with replicas', 'replicas: 3'],
    ['of a service on every node', 'mode: global'],
  ])('a node that is drained moves a task %s: the release stands', async (_what, deploy) => {
    const change = deploy.startsWith('mode')
      ? {
          extra: `all: { image: "${PROBE_IMAGE}", command: [redis-server], deploy: { ${deploy}, endpoint_mode: dnsrr } }`,
        }
      : { deploy };
    const drain = () => m1.run(['docker', 'node', 'update', '--availability', 'drain', 'm3']);
    try {
      const { code, stdout, stderr } = await deployAndMeanwhile(change, {}, drain);
      expect(code, stdout + stderr).toBe(0);
      const tasks = await m1.run([
        'docker',
        'service',
        'ps',
        '--filter',
        'desired-state=running',
        '--format',
        '{{.Node}}',
        'probe_web',
      ]);
      expect(tasks).not.toContain('m3');
    } finally {
      await m1.run(['docker', 'node', 'update', '--availability', 'active', 'm3']);
    }
  });

  test('another scale that is not for Waggle to set is no end of a task', async () => {
    await deployed({ deploy: 'replicas: 3' });
    const { code, stdout, stderr } = await deployAndMeanwhile(
      { deploy: 'replicas: 3' },
      { KEEP_LIVE_SCALE: '1' },
      () => m1.run(['docker', 'service', 'scale', '--detach', 'probe_web=1']),
    );
    expect(code, stdout + stderr).toBe(0);
    expect((await probe.tasks()).web).toHaveLength(1);
  });
});

describe('a docker stack deploy that ends well', () => {
  afterEach(() => restoreStackDeploy(m1));
  const JOB = `once: { image: "${PROBE_IMAGE}", command: ["true"], x-waggle: { phase: release } }`;

  test.each([
    ['and does nothing', 'exit 0', {}, 'probe_web differs from the plan: env VERSION'],
    [
      'and does nothing of a wave',
      'exit 0',
      { web: 'depends_on: [side]', sideKeys: 'hostname: other' },
      'probe_side differs from the plan: hostname',
    ],
    ['and does nothing of a release job', 'exit 0', { extra: JOB }, 'probe_once does not exist'],
  ])('%s is no release', async (_what, body, change, said) => {
    await replaceStackDeploy(m1, body);
    await probe.setStack({ ...next(), ...change });
    const { code, stdout, stderr } = await probe.run(['deploy']);
    expect(code, stdout + stderr).toBe(FAILURES.DEPLOY_FAILED);
    expect(stderr).toContain(said);
    expect(stderr).not.toContain(`VERSION=${version}`);
    expect(await readRollout(lab)).toEqual(before);
  });
});

describe('after a ~/.bashrc of the deploy user that', () => {
  afterEach(() => m1.run(['rm', '-f', BASHRC]));

  test.each([
    ['greets', 'echo Welcome; printf "no newline"; echo careful >&2'],
    [
      'names another cluster',
      'export DOCKER_HOST=tcp://127.0.0.1:1 DOCKER_TLS_VERIFY=1 DOCKER_CERT_PATH=/nowhere',
    ],
    ['names a context', 'export DOCKER_CONTEXT=elsewhere'],
    [
      'asks for an old API, of another platform',
      'export DOCKER_API_VERSION=1.12 DOCKER_DEFAULT_PLATFORM=linux/arm64',
    ],
    [
      'names another configuration',
      'mkdir -p /tmp/other && echo \'{"currentContext":"elsewhere"}\' >/tmp/other/config.json; export DOCKER_CONFIG=/tmp/other',
    ],
    ['reads a line and fails', 'read -r answer; false'],
  ])('%s, a deploy goes to the cluster of the Docker API', async (_what, bashrc) => {
    await m1.writeFile(BASHRC, `${bashrc}\n`, { owner: 'deploy' });
    await deployed({});
  });

  test('a docker of the user that chose another context changes nothing', async () => {
    const config = '/home/deploy/.docker/config.json';
    await m1.writeFile(config, '{"currentContext":"elsewhere"}', { owner: 'deploy' });
    try {
      await deployed({});
    } finally {
      await m1.run(['rm', '-r', '/home/deploy/.docker']);
    }
  });

  test.each([
    ['ends the shell', 'exit 3', FAILURES.UNREACHABLE, 'before it runs a script'],
    ['hides docker', 'PATH=/opt/few', FAILURES.PREFLIGHT_FAILED, 'does not find docker'],
  ])('%s, nothing is changed', async (_what, bashrc, code, said) => {
    await m1.writeFile(BASHRC, `${bashrc}\n`, { owner: 'deploy' });
    await m1.run(['sh', '-c', 'mkdir -p /opt/few && ln -sf /usr/bin/* /opt/few && rm /opt/few/docker']);
    const secrets = await m1.run(['docker', 'secret', 'ls', '--quiet']);
    await probe.setFile('secrets/password.txt', 'another-hunter2-never-shown');
    await probe.setStack(next());
    const output = await probe.run(['deploy']);
    expect(output.code, output.stdout + output.stderr).toBe(code);
    expect(output.stderr).toContain(said);
    expect(await readRollout(lab)).toEqual(before);
    expect(await m1.run(['docker', 'secret', 'ls', '--quiet'])).toBe(secrets);
  });
});
