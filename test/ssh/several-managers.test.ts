import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, test, vi } from 'vitest';
import { ConnectionLost, DeployError } from '../../src/shared/errors.ts';
import { localShell } from '../../src/shared/shell.ts';
import type { SshTarget } from '../../src/ssh/connect-to-any.ts';
import { SshSession } from '../../src/ssh/session.ts';
import { fakeSshServer, makeKey } from '../fakes/ssh-server.ts';

const folder = mkdtempSync(join(tmpdir(), 'waggle-ssh-'));
const keyPath = join(folder, 'id');
writeFileSync(keyPath, makeKey().private, { mode: 0o600 });
afterAll(() => rmSync(folder, { recursive: true }));

const [configPath, knownHosts] = [join(folder, 'config'), join(folder, 'known_hosts')];
const setConfig = (more = '') =>
  writeFileSync(
    configPath,
    `Host *\n  UserKnownHostsFile ${knownHosts}\n  GlobalKnownHostsFile none\n  IdentityAgent none\n${more}`,
  );
setConfig();
const warn = vi.fn();
afterEach(() => {
  setConfig();
  rmSync(knownHosts, { force: true });
  warn.mockClear();
});

/** Of a configuration and a known_hosts of this test's own. */
const sessionThrough = (ports: readonly number[], hostKey: string, admit?: SshTarget['admit']) => {
  const managers = ports.map((port) => ({ name: '127.0.0.1', user: 'deploy', port }));
  return new SshSession(
    { managers, key: { path: keyPath }, hostKey, ask: async () => undefined, warn, admit },
    (argv, options) => localShell(['ssh', '-F', configPath, ...argv.slice(1)], options),
  );
};

test('the next manager serves when the first cannot be reached, also after a drop', async () => {
  using first = await fakeSshServer((_channel, connection) => {
    first.stop();
    connection.end();
  });
  using second = await fakeSshServer((channel) => {
    channel.write('second');
    channel.exit(0);
    channel.end();
  });
  await using session = sessionThrough([first.port, second.port], `${first.hostKey} ${second.hostKey}`);
  await expect(session.run('true')).resolves.toMatchObject({ stdout: 'second' });
});

test('when no manager can be reached, each is named with its reason', async () => {
  await using session = sessionThrough([1, 2], 'ssh-ed25519 AAAA');
  await expect(session.open()).rejects.toMatchObject({
    code: 'UNREACHABLE',
    message: 'none of the 2 managers can be reached',
    details: [expect.stringContaining(':1: the connection was refused'), expect.stringContaining(':2: ')],
  });
});

test('when no manager is known, the key of each is told', async () => {
  using first = await fakeSshServer(() => {});
  using second = await fakeSshServer(() => {});
  await using session = sessionThrough([first.port, second.port], '');
  const { hint, details } = await session.open().catch((error) => error);
  expect(hint).toContain(`DEPLOY_SSH_HOST_KEY='${first.hostKey}'`);
  expect(details.join('\n')).toContain(`DEPLOY_SSH_HOST_KEY='${second.hostKey}'`);
});

/** A manager whose shell says why its Docker socket is refused; undefined: it is not. */
const withDocker = (why: () => string | undefined) =>
  fakeSshServer(
    (channel) => {
      channel.write(`${why()}\n`);
      channel.exit(0);
      channel.end();
    },
    10,
    (_path, _connection, answer) => answer(why() === undefined),
  );
const openSocket = (session: SshSession) =>
  session.openSocket('/run/docker.sock').then(
    () => 'open',
    (error) => error,
  );

test.each([
  ['absent', true, 'there is no docker.sock'],
  ['silent', true, 'Docker does not answer on its socket'],
  ['forbidden', false, 'the user may not use Docker'],
  ['unforwarded', false, 'sshd does not forward to docker.sock'],
])('a manager whose Docker socket is %s: is it left for the next? %s', async (why, isLeft, message) => {
  using first = await withDocker(() => why);
  using second = await withDocker(() => undefined);
  const hostKeys = `${first.hostKey} ${second.hostKey}`;
  await using session = sessionThrough([first.port, second.port], hostKeys);
  // As many at once as Docker's client opens: all are told, and it is left once.
  const refused = await Promise.all(Array.from({ length: 8 }, () => openSocket(session)));
  for (const error of refused) expect(error instanceof ConnectionLost).toBe(isLeft);
  expect(refused.map((error) => error.message)).toContain(`127.0.0.1: ${message}`);
  expect(await openSocket(session)).toEqual(isLeft ? 'open' : expect.any(Error));
  expect([first.connections, second.connections]).toEqual([1, isLeft ? 1 : 0]);
  expect(warn.mock.calls).toEqual(isLeft ? [[`127.0.0.1: ${message}: the next manager takes over`]] : []);

  await using alone = sessionThrough([first.port], first.hostKey);
  const error = await openSocket(alone);
  expect(error.message).toBe(`127.0.0.1: ${message}`);
  expect(error).not.toBeInstanceOf(ConnectionLost);
});

describe('a manager that is reached and may not serve', () => {
  const twoServers = async () => {
    const first = await withDocker(() => 'silent');
    const second = await withDocker(() => undefined);
    const hostKeys = `${first.hostKey} ${second.hostKey}`;
    const ports = [first.port, second.port];
    const close = () => [first, second].map((server) => server[Symbol.dispose]());
    return { first, second, ports, hostKeys, [Symbol.dispose]: () => void close() };
  };
  const refusing = (...codes: readonly ('WRONG_CLUSTER' | 'LOCK_LOST' | undefined)[]) => {
    const left = [...codes];
    return async () => {
      const code = left.shift();
      if (code) throw new DeployError(code, `refused as ${code}`, { hint: 'choose' });
    };
  };

  test('is left for the next one, and is named', async () => {
    using servers = await twoServers();
    const admit = refusing('WRONG_CLUSTER', undefined);
    await using session = sessionThrough(servers.ports, servers.hostKeys, admit);
    await session.open();
    expect([servers.first.connections, servers.second.connections]).toEqual([1, 1]);
    expect(warn.mock.calls).toEqual([['refused as WRONG_CLUSTER: the next manager takes over']]);
  });

  test('is asked again each time that it is connected to', async () => {
    using server = await fakeSshServer((_channel, connection) => void connection.end());
    const admit = refusing(undefined, 'WRONG_CLUSTER');
    await using session = sessionThrough([server.port], server.hostKey, admit);
    await expect(session.run('true')).rejects.toMatchObject({ code: 'WRONG_CLUSTER' });
    expect(server.connections).toBe(2);
  });

  test.each([
    [['WRONG_CLUSTER', 'WRONG_CLUSTER'], 'WRONG_CLUSTER'],
    [['LOCK_LOST', 'WRONG_CLUSTER'], 'LOCK_LOST'],
  ] as const)('is the reason when all are: %j', async (codes, code) => {
    using servers = await twoServers();
    await using session = sessionThrough(servers.ports, servers.hostKeys, refusing(...codes));
    await expect(session.open()).rejects.toMatchObject({
      code,
      details: codes.map((one) => `refused as ${one}`),
      hint: 'choose',
    });
  });

  test('has a Docker that does not run: that is said, and the next one serves', async () => {
    using servers = await twoServers();
    const admit: SshTarget['admit'] = async ({ openSocket }) => void (await openSocket('/run/docker.sock'));
    await using session = sessionThrough(servers.ports, servers.hostKeys, admit);
    await session.open();
    expect(warn.mock.calls).toEqual([
      ['127.0.0.1: Docker does not answer on its socket: the next manager takes over'],
    ]);
  });
});

test('after the last manager comes the first again', async () => {
  let down: readonly string[] = ['first'];
  using first = await withDocker(() => (down.includes('first') ? 'silent' : undefined));
  using second = await withDocker(() => (down.includes('second') ? 'absent' : undefined));
  await using session = sessionThrough([first.port, second.port], `${first.hostKey} ${second.hostKey}`);
  expect(await openSocket(session)).toBeInstanceOf(ConnectionLost);
  expect(await openSocket(session)).toBe('open');
  down = ['second'];
  expect(await openSocket(session)).toBeInstanceOf(ConnectionLost);
  expect(await openSocket(session)).toBe('open');
  expect([first.connections, second.connections]).toEqual([2, 1]);
});

test.each<
  [what: string, lineOf: (host: string, key: string) => string, problem: string, isPassedOver: boolean]
>([
  ['another', (host) => `${host} ${makeKey().public}`, 'is not the known one', false],
  ['a revoked', (host, key) => `@revoked ${host} ${key}`, 'is revoked', false],
  ['an uncertified', () => `@cert-authority * ${makeKey().public}`, 'is not vouched for', false],
  ['an unknown', () => '', 'is not known', true],
])(
  'a manager that shows %s key is not passed over in silence',
  async (_what, lineOf, problem, isPassedOver) => {
    using first = await fakeSshServer(() => {});
    using second = await fakeSshServer(() => {});
    const host = (port: number) => `[127.0.0.1]:${port}`;
    const known = `${host(second.port)} ${second.hostKey}`;
    writeFileSync(knownHosts, `${lineOf(host(first.port), first.hostKey)}\n${known}\n`);
    await using session = sessionThrough([first.port, second.port], '');
    const said = await session.open().catch((error) => error.message);
    expect(said).toMatch(isPassedOver ? '127.0.0.1' : new RegExp(`^the host key of .* ${problem}`));
    expect(second.connections).toBe(isPassedOver ? 1 : 0);
    const warnings = warn.mock.calls.map(([text]) => text);
    expect(warnings).toEqual(
      isPassedOver ? [expect.stringMatching(`${problem}.*: passed over; .*ssh-keyscan`)] : [],
    );
  },
);

test.each(['no', 'off', 'accept-new'])('`StrictHostKeyChecking %s` turns nothing off', async (value) => {
  setConfig(`  StrictHostKeyChecking ${value}\n`);
  using server = await fakeSshServer(() => {});
  await using session = sessionThrough([server.port], '');
  await expect(session.open()).rejects.toThrow('is not known');
});
