import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { localShell } from '../../src/shared/shell.ts';
import { docker, until } from '../lab/engine.ts';
import * as faults from '../lab/faults.ts';
import { labDown, labUp } from '../lab/lab.ts';
import { digestOf, tagsOf } from '../lab/registry.ts';
import { reset } from '../lab/reset.ts';
import { askSwarm, hasQuorum } from '../lab/swarm.ts';
import { REGISTRY } from '../lab/topology.ts';

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
    expect(await tagsOf(lab, 'library/redis')).toEqual(['7']);
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

test('a second lab runs beside the first, and goes without a trace', async () => {
  const traces = async () => {
    const lists = [
      ['ps', '--all', '--format', '{{.Names}}'],
      ['volume', 'ls', '--quiet'],
      ['network', 'ls', '--format', '{{.Name}}'],
    ];
    const objects = await Promise.all(lists.map((list) => docker(lab.engine, list)));
    const processes = await localShell([
      'sh',
      '-c',
      'ps -eo comm= | grep -E "dockerd|containerd|sshd|docker-registry" | sort | uniq -c',
    ]);
    const mounts = await localShell(['sh', '-c', 'cut -d" " -f2 /proc/mounts | sort']);
    return [...objects.map((list) => list.split('\n').sort()), processes.stdout, mounts.stdout];
  };
  const before = await traces();
  const twin = await labUp('twin');
  expect(await hasQuorum(twin.managers[0])).toBe(true);
  expect(await hasQuorum(m1)).toBe(true);
  expect(await traces()).not.toEqual(before);
  await labDown('twin');
  expect(await traces()).toEqual(before);
});

describe('faults, each with its remedy', () => {
  const seenDown = async (node: string) =>
    (await m1.run(['docker', 'node', 'inspect', node, '--format', '{{.Status.State}}'])) === 'down';

  test('a node that is cut off', async () => {
    await faults.cutNetwork(m3);
    await until('m3 is down', () => seenDown('m3'));
    await faults.healNetwork(m3);
    await until('m3 is back', () => hasQuorum(m1));
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
