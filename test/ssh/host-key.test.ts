import { createHmac } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'dotenv';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { DeployError } from '../../src/shared/errors.ts';
import { localShell } from '../../src/shared/shell.ts';
import { connect } from '../../src/ssh/connect.ts';
import type { Endpoint } from '../../src/ssh/endpoint.ts';
import { algorithmsOf } from '../../src/ssh/host-key.ts';
import { markScript } from '../../src/ssh/marked-script.ts';
import { endpointAt } from '../fakes/endpoint.ts';
import { type FakeSshServer, fakeSshServer, makeKey } from '../fakes/ssh-server.ts';

test('a host is asked for the kinds of key that are known', () => {
  const kind = (type: string) =>
    Buffer.concat([Buffer.from([0, 0, 0, type.length]), Buffer.from(`${type}...`)]);
  expect(algorithmsOf([kind('ssh-rsa'), kind('ssh-ed25519'), kind('ssh-ed25519'), kind('odd')])).toEqual([
    'rsa-sha2-512',
    'rsa-sha2-256',
    'ssh-ed25519',
  ]);
});

const folder = mkdtempSync(join(tmpdir(), 'waggle-host-key-'));
const file = join(folder, 'known_hosts');
const key = join(folder, 'id');
writeFileSync(key, makeKey().private, { mode: 0o600 });
let server: FakeSshServer;
beforeAll(async () => {
  server = await fakeSshServer((channel) => {
    channel.exit(0);
    channel.end();
  });
});
afterAll(() => {
  server[Symbol.dispose]();
  rmSync(folder, { recursive: true });
});

/** What becomes of a connection. The server is on a port of its own, and on 127.0.0.1. */
async function connecting(change: Partial<Endpoint>, hostKey?: string): Promise<DeployError | 'in'> {
  const endpoint = endpointAt(server.port, { knownHostsFiles: [file], ...change });
  const credentials = { key: { path: key }, hostKey, ask: async () => undefined };
  return connect([endpoint], credentials).then(
    (client) => {
      client.end();
      return 'in';
    },
    (error) => error,
  );
}

/** Whether the known_hosts file lets us in. */
const letsUsIn = async (alias: string | undefined) =>
  (await connecting(alias ? { knownAs: alias } : {})) === 'in';

/** The same of the real ssh. */
async function letsSshIn(alias: string | undefined, revokedKeysFile = 'none'): Promise<boolean> {
  const options = [
    'BatchMode=yes',
    'StrictHostKeyChecking=yes',
    `UserKnownHostsFile=${file}`,
    'GlobalKnownHostsFile=/dev/null',
    `RevokedHostKeys=${revokedKeysFile}`,
    ...(alias ? [`HostKeyAlias=${alias}`] : []),
  ].flatMap((option) => ['-o', option]);
  const argv = [
    'ssh',
    '-F',
    'none',
    '-i',
    key,
    ...options,
    '-p',
    String(server.port),
    'deploy@127.0.0.1',
    'x',
  ];
  const { exitCode } = await localShell(argv, { input: markScript('true').text });
  return exitCode === 0;
}

const hashed = (name: string) => {
  const salt = Buffer.from('0123456789abcdefghij');
  return `|1|${salt.toString('base64')}|${createHmac('sha1', salt).update(name).digest('base64')}`;
};
const HOST = '127.0.0.1';
const PORT = () => `[${HOST}]:${server.port}`;
const KEY = () => server.hostKey;
const OTHER = makeKey().public;

test.each<[what: string, isIn: boolean, text: () => string, alias?: string]>([
  ['with its port', true, () => `${PORT()} ${KEY()}`],
  ['with its port, hashed', true, () => `${hashed(PORT())} ${KEY()}`],
  ['without its port', true, () => `${HOST} ${KEY()}`],
  ['without its port, hashed', true, () => `${hashed(HOST)} ${KEY()}`],
  ['not at all', false, () => ''],
  ['by another key', false, () => `${PORT()} ${OTHER}`],
  ['by another key with its port, by this one without', false, () => `${PORT()} ${OTHER}\n${HOST} ${KEY()}`],
  ['and revoked', false, () => `${PORT()} ${KEY()}\n@revoked ${PORT()} ${KEY()}`],
  ['and revoked first', false, () => `@revoked ${PORT()} ${KEY()}\n${PORT()} ${KEY()}`],
  ['and revoked for every host', false, () => `${PORT()} ${KEY()}\n@revoked * ${KEY()}`],
  ['and revoked, both without its port', false, () => `${HOST} ${KEY()}\n@revoked ${HOST} ${KEY()}`],
  ['without its port, revoked with it', false, () => `${HOST} ${KEY()}\n@revoked ${PORT()} ${KEY()}`],
  ['while another key is revoked', true, () => `${PORT()} ${KEY()}\n@revoked ${PORT()} ${OTHER}`],
  ['by its alias', true, () => `shop ${KEY()}`, 'shop'],
  ['by its address, not by its alias', false, () => `${HOST} ${KEY()}`, 'shop'],
])('a host that is known %s: %s, as ssh has it', async (_what, isIn, text, alias) => {
  writeFileSync(file, `${text()}\n`);
  expect({ ssh: await letsSshIn(alias), waggle: await letsUsIn(alias) }).toEqual({ ssh: isIn, waggle: isIn });
});

test.each<[what: string, isIn: boolean, text: () => string]>([
  ['that nobody else knows', true, () => ''],
  ['beside another known one', true, () => `${PORT()} ${OTHER}`],
  ['that is revoked', false, () => `@revoked ${PORT()} ${KEY()}`],
  ['that is revoked without its port', false, () => `@revoked ${HOST} ${KEY()}`],
  ['while another is revoked', true, () => `@revoked ${PORT()} ${OTHER}`],
])('a key that is pinned, %s: %s', async (_what, isIn, text) => {
  writeFileSync(file, `${text()}\n`);
  const told = await connecting({}, KEY());
  expect(told).toEqual(
    isIn ? 'in' : expect.objectContaining({ message: expect.stringContaining('is revoked') }),
  );
});

/** What is to be run to make an unknown host known. */
async function commandFor(change: Partial<Endpoint>): Promise<string> {
  writeFileSync(file, '');
  const { hint = '' } = (await connecting(change)) as DeployError;
  return hint.slice(hint.lastIndexOf(': ') + 2);
}

test.each([
  ['its name and port', {}],
  ['its alias', { knownAs: 'shop' }],
])('an unknown host is known by %s once the hint was followed', async (_what, change) => {
  const command = await commandFor(change);
  expect(await localShell(['sh', '-c', command])).toMatchObject({ exitCode: 0 });
  expect(await connecting(change)).toBe('in');
});

test.each([
  [[], '~/.ssh/known_hosts'],
  [[join(homedir(), '.ssh/known_hosts'), file], '~/.ssh/known_hosts'],
  [['/dev/null', '/etc/ssh/ssh_known_hosts'], '/etc/ssh/ssh_known_hosts'],
])('of the files %j the first that keeps what is written is named: %s', async (knownHostsFiles, named) => {
  expect(await commandFor({ knownHostsFiles })).toMatch(new RegExp(` >> ${named}$`));
});

test.each([
  ['another', () => OTHER, 'in'],
  ['this one', () => `# stolen\n${KEY()} root@m1`, 'is revoked'],
  ['a KRL', () => 'SSHKRL\n\0', 'is a KRL, which Waggle does not read'],
])('a file of revoked keys with %s: %s, as ssh has it', async (_what, text, told) => {
  const revokedKeysFile = join(folder, 'revoked');
  writeFileSync(revokedKeysFile, text());
  writeFileSync(file, `${PORT()} ${KEY()}\n`);
  for (const pinned of [undefined, KEY()]) {
    const outcome = await connecting({ revokedKeysFile }, pinned);
    expect(outcome instanceof Error ? outcome.message : outcome).toContain(told);
  }
  expect(await letsSshIn(undefined, revokedKeysFile)).toBe(told === 'in');
});

test('a file of revoked keys that is not there: nobody is trusted', async () => {
  writeFileSync(file, `${PORT()} ${KEY()}\n`);
  expect(await letsSshIn(undefined, join(folder, 'none'))).toBe(false);
  expect(await connecting({ revokedKeysFile: join(folder, 'none') })).toMatchObject({
    code: 'CONFIG_INVALID',
    message: expect.stringContaining('cannot read the RevokedHostKeys of m1'),
  });
});

test('an unknown manager is known once its key was pinned as the hint says, and only a manager can be', async () => {
  writeFileSync(file, '');
  const { hint = '' } = (await connecting({}, '')) as DeployError;
  const [, setting = ''] = / set (DEPLOY_SSH_HOST_KEY='.*') instead/.exec(hint) ?? [];
  // In a settings file it is read by dotenv.
  const { DEPLOY_SSH_HOST_KEY: pinned } = parse(setting);
  expect(await connecting({}, pinned)).toBe('in');
  expect(await connecting({}, `${OTHER},${pinned}`)).toBe('in');
  expect(((await connecting({})) as DeployError).hint).not.toContain('DEPLOY_SSH_HOST_KEY');
});

test('an unknown host behind bastions is met through them', async () => {
  expect(await commandFor({ jumps: ['first', 'ops@second:2200'], knownAs: 'shop' })).toBe(
    `ssh -J first,ops@second:2200 -p ${server.port} deploy@m1`,
  );
});

test.each([
  ['UTF-16 LE', (text: string) => Buffer.from(`\uFEFF${text}`, 'utf16le')],
  ['UTF-16 BE', (text: string) => Buffer.from(`\uFEFF${text}`, 'utf16le').swap16()],
])('a known_hosts file in %s is named with its encoding', async (encoding, encode) => {
  writeFileSync(file, encode(`[127.0.0.1]:${server.port} ${server.hostKey}\n`));
  expect(await connecting({})).toMatchObject({
    code: 'CONFIG_INVALID',
    message: expect.stringContaining(encoding),
  });
});

test('a comment of known_hosts may have any bytes, as for ssh', async () => {
  const line = `[127.0.0.1]:${server.port} ${server.hostKey} caf\u00E9\n`;
  writeFileSync(file, Buffer.from(line, 'latin1'));
  expect(await connecting({})).toBe('in');
});
