// Proves: the lab is what it says, goes without a trace, and each of its faults works and heals.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFailed, test } from 'vitest';
import { docker, until } from '../../src/lab/engine.ts';
import { labDown, labUp as labUpNamed } from '../../src/lab/lab.ts';
import { PROJECT } from '../../src/lab/move-in.ts';
import { hasQuorum } from '../../src/lab/swarm.ts';
import { REGISTRY, STAND_INS } from '../../src/lab/topology.ts';
import { localShell } from '../../src/shared/shell.ts';
import { askSwarm } from '../lab/ask-swarm.ts';
import * as faults from '../lab/faults.ts';
import { labUp } from '../lab/lab.ts';
import { digestOf, tagsOf } from '../lab/registry.ts';
import { reset } from '../lab/reset.ts';
import { shown } from '../lab/shown.ts';

const CLI = resolve(import.meta.dirname, '../../dist/main.cjs');
const lab = await labUp();
const [m1, m2, m3] = lab.managers;
const ssh = (port: number, command: string) =>
  lab.workstation.exec(['ssh', '-o', 'BatchMode=yes', '-p', String(port), 'deploy@bastion.lab', command], {
    user: 'operator',
  });

beforeAll(() => reset(lab));
afterAll(() => reset(lab));

describe('the lab', () => {
  test('is one Swarm of three managers on a current engine', async () => {
    expect(await hasQuorum(m1)).toBe(true);
    const nodes = await askSwarm<{ Description: { Hostname: string; Engine: { EngineVersion: string } } }[]>(
      lab,
      '/nodes',
    );
    expect(nodes.map(({ Description }) => Description.Hostname).sort()).toEqual(['m1', 'm2', 'm3']);
    for (const { Description } of nodes)
      expect(Number.parseInt(Description.Engine.EngineVersion, 10)).toBeGreaterThanOrEqual(26);
  });

  test('is reached through its bastion only, with keys only', async () => {
    expect((await ssh(2201, 'hostname && docker info --format {{.Swarm.ControlAvailable}}')).stdout).toBe(
      'm1\ntrue\n',
    );
    expect((await ssh(2203, 'hostname')).stdout).toBe('m3\n');
    const address = (await m1.run(['hostname', '-i'])).split(' ')[0] ?? '';
    const direct = ['curl', '--silent', '--max-time', '3', `telnet://${address}:22`];
    expect((await lab.workstation.exec(direct)).code).not.toBe(0);
    expect((await lab.bastion.exec([...direct], { input: '' })).stdout).toContain('SSH-2.0');
  });

  test('has a registry that wants a password', async () => {
    const url = `https://${REGISTRY.host}/v2/`;
    const ask = [
      'curl',
      '--silent',
      '--output',
      '/dev/null',
      '--write-out',
      '%{http_code}',
      '--cacert',
      `/etc/docker/certs.d/${REGISTRY.host}/ca.crt`,
      url,
    ];
    expect(await m1.run(ask)).toBe('401');
    expect(await m1.run([...ask, '--user', `${REGISTRY.username}:${REGISTRY.password}`])).toBe('200');
    expect(await tagsOf(lab, 'library/redis')).toContain('7');
    expect(await digestOf(lab, 'library/redis', 'none')).toBeUndefined();
  });

  test('reset empties the Swarm', async () => {
    await m1.run([
      'sh',
      '-c',
      'echo x | docker secret create s - && echo x | docker config create c - && docker network create -d overlay --label com.docker.stack.namespace=x n',
    ]);
    await reset(lab);
    const left = await Promise.all(
      ['/services', '/secrets', '/configs'].map((path) => askSwarm<unknown[]>(lab, path)),
    );
    expect(left).toEqual([[], [], []]);
    expect(await m1.run(['docker', 'network', 'ls', '--quiet', '--filter', 'name=^n$'])).toBe('');
  });
});

test('waggle lab: another lab beside the first, to deploy this project into; it goes without a trace', async () => {
  const name = `${lab.name}-twin`;
  const list = async (argv: readonly string[]) =>
    (await docker(lab.engine, argv)).split('\n').filter((line) => line.includes(`waggle-${name}-`));
  const objects = async () => [
    ...(await list(['ps', '--all', '--format', '{{.Names}}'])),
    ...(await list(['volume', 'ls', '--quiet'])),
    ...(await list(['network', 'ls', '--format', '{{.Name}}'])),
  ];
  const mounts = async () => (await localShell(['sh', '-c', 'cut -d" " -f2 /proc/mounts | sort'])).stdout;
  const mounted = await mounts();
  const project = createProject();
  const run = async (command: string) => {
    const { exitCode, stdout, stderr } = await localShell(['sh', '-c', command], {
      cwd: project,
      env: { WAGGLE_LAB: name },
    });
    expect(exitCode, stderr).toBe(0);
    return stdout;
  };
  const waggle = { 'waggle lab': `node ${CLI} lab` };
  onTestFailed(() => labDown(name));
  const said = await run(shown('WAGGLE_LAB=other waggle lab up', { other: name, ...waggle }));
  const twin = await labUpNamed(name);
  const there = { user: 'operator', cwd: PROJECT };
  const madeUp = () =>
    twin.workstation.run(['sh', '-c', 'ls -di . && sha256sum deploy/secrets/*.txt'], there);
  const before = await madeUp();
  // What is up stays as it is, with the working directory of an open shell.
  expect(await run(shown('waggle lab up', waggle))).toContain('is up');
  expect(await madeUp()).toBe(before);
  for (const machine of ['m1', 'm2', 'm3', 'registry', 'bastion', 'workstation', 'laptop'])
    expect(said).toContain(`${machine} is up\n`);
  for (const image of STAND_INS) expect(said).toContain(`${REGISTRY.host}/${image}`);
  expect(said).toContain(`  WAGGLE_LAB=${name} waggle lab sh `);
  const sh = (line: string) => run(`echo '${line}' | ${shown('waggle lab sh', waggle)}`);
  expect(await sh('whoami; pwd')).toBe(`operator\n${PROJECT}\n`);
  expect(await hasQuorum(twin.managers[0])).toBe(true);
  expect(await hasQuorum(m1)).toBe(true);
  const deployed = await twin.workstation.run(['waggle', 'deploy'], there);
  expect(deployed).toContain('this is release r1');
  for (const node of ['m1', 'm2', 'm3'])
    expect(await sh(`waggle exec --raw web@${node} hostname`)).toMatch(/\w+/);
  const addresses = said.match(/http:\/\/[\d.]+:/g) ?? [];
  expect(addresses).toHaveLength(3);
  for (const address of addresses) expect((await fetch(`${address}8095`)).status).toBe(200);
  const left = await twin.workstation.run(['sh', '-c', 'cat deploy/secrets/* deploy/*.env'], there);
  expect(left).not.toContain('mine-alone');
  expect((await objects()).length).toBeGreaterThan(0);
  const top = await docker(lab.engine, ['top', twin.managers[0].container, '-eo', 'pid']);
  const pids = top
    .split('\n')
    .slice(1)
    .map((pid) => pid.trim());
  expect(pids.length).toBeGreaterThan(0);
  await run(shown('waggle lab down', waggle));
  rmSync(project, { recursive: true });
  expect(await objects()).toEqual([]);
  expect((await localShell(['ps', '-o', 'args=', '-p', pids.join(',')])).stdout).toBe('');
  expect(await mounts()).toBe(mounted);
});

/** A deploy folder as somebody has it who deployed elsewhere before. */
function createProject(): string {
  const folder = mkdtempSync(join(tmpdir(), 'waggle-project-'));
  mkdirSync(join(folder, 'deploy/secrets'), { recursive: true });
  const web = `{ image: "${REGISTRY.host}/library/dozzle:8", command: [node, /usr/share/dozzle.mjs], ports: [{ target: 8080, published: 8095, mode: host }], secrets: [password], deploy: { mode: global } }`;
  const files = {
    'stack.yml': `services: { web: ${web} }\nsecrets: { password: { file: secrets/password.txt } }\n`,
    'cluster.env': 'DEPLOY_MANAGER_HOST=mine-alone.example\n',
    'prod.env.example': 'GREETING=hello\n',
    'prod.env': 'GREETING=mine-alone\n',
    'secrets/password.txt.example': 'put the password here',
    'secrets/password.txt': 'mine-alone',
  };
  for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, 'deploy', file), text);
  return folder;
}

/** Runs a stand-in that answers on a port of one node. */
async function serveOn(node: string, port: number): Promise<void> {
  const { host, username, password } = REGISTRY;
  const service = `docker service create --quiet --with-registry-auth --name web --constraint node.hostname==${node} --publish mode=host,published=${port},target=9999 --env DOZZLE_ADDR=:9999 ${host}/library/dozzle:8 node /usr/share/dozzle.mjs`;
  const script = `docker login ${host} --username ${username} --password-stdin && ${service}; docker logout ${host}`;
  await m1.run(['sh', '-c', script], { input: password });
}

describe('faults, each with its remedy', () => {
  // While another leads, nobody can say.
  const seenDown = async (node: string) =>
    (await m1.exec(['docker', 'node', 'inspect', node, '--format', '{{.Status.State}}'])).stdout.trim() ===
    'down';

  test('a node that is cut off, with the ports that it publishes', async () => {
    const address = (await m3.run(['hostname', '-i'])).split(' ')[0] ?? '';
    const ask = async () =>
      (await m1.exec(['curl', '--silent', '--max-time', '2', `http://${address}:8099`])).code;
    await serveOn('m3', 8099);
    expect(await ask()).toBe(0);
    await faults.cutNetwork(m3);
    const TIMED_OUT = 28;
    expect(await ask()).toBe(TIMED_OUT);
    await until('m3 is down', () => seenDown('m3'));
    await faults.healNetwork(m3);
    await until('m3 is back', () => hasQuorum(m1));
    await until('its port answers', async () => (await ask()) === 0);
  });

  test('an engine that dies', async () => {
    await faults.killEngine(m2);
    expect((await m2.exec(['docker', 'info'])).code).not.toBe(0);
    await faults.restartEngine(m2);
    await until('m2 is back', () => hasQuorum(m1));
  });

  test('SSH that is slow, then dropped', async () => {
    const time = async () => {
      const start = performance.now();
      expect((await ssh(2201, 'true')).code).toBe(0);
      return performance.now() - start;
    };
    const quick = await time();
    await faults.setSshDelay(lab, 200);
    expect(await time()).toBeGreaterThan(quick + 1000);
    await faults.setSshDelay(lab, 0);

    const sleeping = ssh(2201, 'touch /tmp/sleeping; sleep 60');
    await until('the session is open', async () => (await m1.exec(['rm', '/tmp/sleeping'])).code === 0);
    await faults.dropSshConnections(lab);
    expect((await sleeping).code).toBe(255);
    expect((await ssh(2201, 'true')).code).toBe(0);
  });

  test('a full disk', async () => {
    await faults.fillDisk(m1);
    expect((await ssh(2201, 'echo x > ~/file')).stderr).toContain('No space left on device');
    await faults.freeDisk(m1);
    expect((await ssh(2201, 'echo x > ~/file && rm ~/file')).code).toBe(0);
  });

  test.each([
    ['errors', '500'],
    ['refuse', '401'],
  ] as const)('a registry that %s', async (how, code) => {
    const ask = [
      'curl',
      '--silent',
      '--insecure',
      '--output',
      '/dev/null',
      '--write-out',
      '%{http_code}',
      '--user',
      `${REGISTRY.username}:${REGISTRY.password}`,
      `https://${REGISTRY.host}/v2/`,
    ];
    await faults.failRegistry(lab, how);
    expect(await m1.run(ask)).toBe(code);
    await faults.healRegistry(lab);
    expect(await m1.run(ask)).toBe('200');
  });
});
