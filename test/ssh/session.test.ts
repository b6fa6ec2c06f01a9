import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ssh2 from 'ssh2';
import { afterAll, expect, test } from 'vitest';
import { SshSession } from '../../src/ssh/session.ts';
import { type FakeSshServer, fakeSshServer } from '../fakes/ssh-server.ts';

const folder = mkdtempSync(join(tmpdir(), 'waggle-ssh-'));
const keyPath = join(folder, 'id');
writeFileSync(keyPath, ssh2.utils.generateKeyPairSync('ed25519').private, { mode: 0o600 });
afterAll(() => rmSync(folder, { recursive: true }));

const sessionTo = ({ port, hostKey }: FakeSshServer, pinned = hostKey) =>
  new SshSession({ host: { name: '127.0.0.1', port }, user: 'deploy', keyPath, hostKey: pinned });

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
    { exitCode: 7, stdout: 'got one', stderr: 'careful' },
    { exitCode: 7, stdout: 'got two', stderr: 'careful' },
  ]);
  expect(server.connections).toBe(1);
});

test('a connection that ends fails what was under way; the next script opens another', async () => {
  using server = await fakeSshServer((channel, connection, script) => {
    if (script === 'dies') return void connection.end();
    channel.exit(0);
    channel.end();
  });
  await using session = sessionTo(server);
  await expect(session.run('dies')).rejects.toMatchObject({ code: 'UNREACHABLE' });
  await expect(session.run('lives')).resolves.toMatchObject({ exitCode: 0 });
  expect(server.connections).toBe(2);
});

test('a host that shows another key than the known one is refused', async () => {
  using server = await fakeSshServer(() => {});
  await using session = sessionTo(server, ssh2.utils.generateKeyPairSync('ed25519').public);
  await expect(session.run('true')).rejects.toMatchObject({
    code: 'UNREACHABLE',
    message: expect.stringContaining('is not the known one'),
  });
});
