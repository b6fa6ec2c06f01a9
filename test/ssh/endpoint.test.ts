import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test, vi } from 'vitest';
import { localShell, type Shell } from '../../src/shared/shell.ts';
import { parseSshConfig } from '../../src/ssh/parse-ssh-config.ts';
import { readRoute } from '../../src/ssh/read-route.ts';

const warn = vi.fn();
const folder = mkdtempSync(join(tmpdir(), 'waggle-config-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('what `ssh -G` says, with ~ and tokens', () => {
  const text = [
    'host m1',
    'hostname 10.0.0.1',
    'user ops',
    'port 2222',
    'identityfile ~/.ssh/id_%h',
    'identityfile none',
    'identitiesonly yes',
    'identityfile ${KEYS}/id_%p',
    'identityfile ${NOT_SET}/id',
    'identityagent %d/agent',
    'userknownhostsfile ~/known /dev/null',
    'globalknownhostsfile none',
    'revokedhostkeys ~/revoked',
    'proxyjump a,b',
  ].join('\n');
  const environment = { SSH_AUTH_SOCK: '/run/agent', KEYS: '/media/keys', OTHER: '/run/%d' };
  const surroundings = { home: '/home/me', environment };
  expect(parseSshConfig(text, { name: 'm1' }, surroundings)).toEqual({
    name: 'm1',
    host: '10.0.0.1',
    port: 2222,
    user: 'ops',
    identityFiles: ['/home/me/.ssh/id_10.0.0.1', '/media/keys/id_2222', '${NOT_SET}/id'],
    identitiesOnly: true,
    agent: '/home/me/agent',
    knownAs: '[10.0.0.1]:2222',
    knownHostsFiles: ['/home/me/known', '/dev/null'],
    revokedKeysFile: '/home/me/revoked',
    jumps: ['a', 'b'],
    proxyCommand: undefined,
  });
  const other = parseSshConfig(
    'hostkeyalias shop\nuser me\nproxycommand nc %x -- %% %h %p %r "$HOME"\nidentityagent none',
    { name: 'm2' },
    surroundings,
  );
  expect(other).toMatchObject({
    ...{ knownAs: 'shop', agent: undefined },
    proxyCommand: 'nc %x -- % m2 22 me "$HOME"',
  });
});

test.each([
  ['', '/run/agent'],
  ['identityagent SSH_AUTH_SOCK', '/run/agent'],
  ['identityagent $OTHER', '/run/%d'],
  ['identityagent $NOT_SET', undefined],
  ['identityagent ${OTHER}/agent', '/run/%d/agent'],
  ['identityagent none', undefined],
])('with `%s` the agent is %s', (line, agent) => {
  const environment = { SSH_AUTH_SOCK: '/run/agent', OTHER: '/run/%d' };
  expect(parseSshConfig(line, { name: 'm1' }, { home: '/home/me', environment }).agent).toBe(agent);
});

/** The real ssh, with a configuration of this test's own. */
function sshWith(config: string): Shell {
  const file = join(folder, 'config');
  writeFileSync(file, config);
  return (argv, options) => localShell(['ssh', '-F', file, ...argv.slice(1)], options);
}

test('the way leads as ssh would go: patterns, Include, Match, several bastions, one behind another', async () => {
  writeFileSync(join(folder, 'more'), 'Host inner\n  HostName 10.0.0.9\n');
  const shell = sshWith(`
Include ${join(folder, 'more')}
Host m*
  ProxyJump outer,ops@inner:2200
Host outer
  HostName gate.example.net
  ProxyJump first
Match host first user someone
  Port 2022
`);
  const way = async (name: string) =>
    (await readRoute({ name, user: 'deploy' }, shell, warn)).map(
      ({ user, host, port }) => `${user}@${host}:${port}`,
    );
  const me = execFileSync('id', ['-un'], { encoding: 'utf8' }).trim();
  expect(await way('m1')).toEqual([
    `${me}@first:22`,
    `${me}@gate.example.net:22`,
    'ops@10.0.0.9:2200',
    'deploy@m1:22',
  ]);
  const jumps = (await readRoute({ name: 'm1' }, shell, warn)).map((endpoint) => endpoint.jumps);
  expect(jumps).toEqual([[], ['first'], ['outer'], ['outer', 'ops@inner:2200']]);
  expect(await way('elsewhere')).toEqual(['deploy@elsewhere:22']);
  const [first] = await readRoute({ name: 'first', user: 'someone', port: undefined }, shell, warn);
  expect(first?.port).toBe(2022);
});

test.each([
  ['a circle', 'Host a\n  ProxyJump b\nHost b\n  ProxyJump a\n', 'more than 10 hosts'],
  ['what a shell would run', 'Host a\n  User $(id)\n  ProxyCommand nc %h %p\n', 'must not be given'],
  ['nonsense', 'Host a\n  Prot 22\n', 'cannot read its configuration'],
])('%s is refused', async (_what, config, message) => {
  await expect(readRoute({ name: 'a' }, sshWith(config), warn)).rejects.toMatchObject({
    code: 'CONFIG_INVALID',
    message: expect.stringContaining(message),
  });
});

test('without an ssh on this machine there is the host and the usual files; a configuration is missed', async () => {
  const none: Shell = async () => ({ exitCode: 127, stdout: '', stderr: '' });
  vi.stubEnv('HOME', folder);
  const read = () => readRoute({ name: 'm1', user: 'deploy', port: 2222 }, none, warn);
  const [endpoint] = await read();
  expect(endpoint).toMatchObject({ host: 'm1', user: 'deploy', port: 2222, knownAs: '[m1]:2222', jumps: [] });
  expect(endpoint?.identityFiles[0]).toBe(join(folder, '.ssh/id_ed25519'));
  expect(warn).not.toHaveBeenCalled();
  mkdirSync(join(folder, '.ssh'));
  writeFileSync(join(folder, '.ssh/config'), '');
  await read();
  expect(warn.mock.calls).toEqual([[expect.stringContaining('~/.ssh/config does not count')]]);
  vi.unstubAllEnvs();
});
