import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ServerChannel } from 'ssh2';
import { afterAll, expect, test } from 'vitest';
import { localShell } from '../../src/shared/shell.ts';
import { SshSession } from '../../src/ssh/session.ts';
import { type FakeSshServer, fakeSshServer, makeKey } from '../fakes/ssh-server.ts';

const folder = mkdtempSync(join(tmpdir(), 'waggle-ssh-'));
const keyPath = join(folder, 'id');
writeFileSync(keyPath, makeKey().private, { mode: 0o600 });
afterAll(() => rmSync(folder, { recursive: true }));

const sessionTo = ({ port, hostKey }: FakeSshServer, pinned = hostKey) => {
  const managers = [{ name: '127.0.0.1', user: 'deploy', port }];
  return new SshSession(
    { managers, key: { path: keyPath }, hostKey: pinned, ask: async () => undefined, warn: () => {} },
    localShell,
  );
};

test('runs scripts by stdin, all on one connection', async () => {
  using server = await fakeSshServer((channel, _connection, script) => {
    channel.write(`got ${script}`);
    channel.stderr.write('careful');
    channel.exit(7);
    channel.end();
  });
  await using session = sessionTo(server);
  const outputs = await Promise.all([session.run('one'), session.run('two')]);
  expect(outputs).toEqual([
    { exitCode: 7, stdout: 'got one', stderr: 'careful', greeting: '' },
    { exitCode: 7, stdout: 'got two', stderr: 'careful', greeting: '' },
  ]);
  expect(server.connections).toBe(1);
});

test('a script whose connection drops is begun again on another; not for ever', async () => {
  let drops = 2;
  using server = await fakeSshServer((channel, connection) => {
    if (drops-- > 0) return void connection.end();
    channel.exit(0);
    channel.end();
  });
  await using session = sessionTo(server);
  await expect(session.run('true')).resolves.toMatchObject({ exitCode: 0 });
  expect(server.connections).toBe(3);
  drops = 5;
  await expect(session.run('true')).rejects.toMatchObject({ code: 'UNREACHABLE' });
  expect(server.connections).toBe(7);
});

test('a host that shows another key than the known one is refused', async () => {
  using server = await fakeSshServer(() => {});
  await using session = sessionTo(server, makeKey().public);
  await expect(session.run('true')).rejects.toMatchObject({
    code: 'UNREACHABLE',
    message: expect.stringContaining('is not the known one'),
  });
});

test('no more sessions are opened than the server takes', async () => {
  const open: ServerChannel[] = [];
  let most = 0;
  using server = await fakeSshServer((channel) => {
    open.push(channel);
    most = Math.max(most, open.length);
    setImmediate(() => {
      open.splice(open.indexOf(channel), 1);
      channel.exit(0);
      channel.end();
    });
  }, 2);
  await using session = sessionTo(server);
  const outputs = await Promise.all(Array.from({ length: 12 }, () => session.run('true')));
  expect(outputs.map(({ exitCode }) => exitCode)).toEqual(Array(12).fill(0));
  expect(most).toBeLessThanOrEqual(2);
  expect(server.connections).toBe(1);
});

test('a server that takes no session is told from a connection that was lost', async () => {
  using server = await fakeSshServer(() => {}, 0);
  await using session = sessionTo(server);
  await expect(session.run('true')).rejects.toMatchObject({
    code: 'UNREACHABLE',
    message: expect.stringMatching(/^127\.0\.0\.1 opens no session for a script: /),
    hint: expect.stringContaining('MaxSessions'),
  });
  expect(server.connections).toBe(1);
});

test('a connection that is lost is no refusal: the Docker socket is asked for again', async () => {
  const asked: string[] = [];
  using server = await fakeSshServer(
    () => {},
    10,
    (path, connection) => {
      asked.push(path);
      connection.end();
    },
  );
  await using session = sessionTo(server);
  await expect(session.openSocket('/run/docker.sock')).rejects.toThrow(
    'the connection to 127.0.0.1 was lost',
  );
  expect(asked).toEqual(['/run/docker.sock']);
});

test('a session that is over opens no other connection, whatever was under way', async () => {
  using server = await fakeSshServer(() => {});
  const session = sessionTo(server);
  const unanswered = session.run('sleep 100');
  await session.open();
  await session[Symbol.asyncDispose]();
  await expect(unanswered).rejects.toMatchObject({ message: 'the connection was closed' });
  expect(server.connections).toBe(1);
});

test('a host that does not say a word is not waited for in the end', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const session = sessionTo({ port: (server.address() as AddressInfo).port } as FakeSshServer, '');
  const opening = session.open();
  await once(server, 'connection');
  await session[Symbol.asyncDispose]();
  expect(await Promise.race([opening, 'still opening'])).toBe('still opening');
  server.close();
  opening.catch(() => {});
});
