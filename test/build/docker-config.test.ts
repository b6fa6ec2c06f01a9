import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { PrivateDockerConfig } from '../../src/build/docker-config.ts';
import { Secret } from '../../src/shared/secret.ts';
import { localShell } from '../../src/shared/shell.ts';
import { shortenLimits, skipPauses } from '../fakes/pauses.ts';

const registry = { host: 'r.io', username: 'me', token: new Secret('hunter2') };
let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'docker-config-test-'));
  for (const folder of ['bin', 'own', 'tmp']) mkdirSync(join(root, folder));
  program('docker', 'cat >"$DOCKER_CONFIG/token"');
  vi.stubEnv('PATH', `${join(root, 'bin')}:${process.env.PATH}`);
  vi.stubEnv('DOCKER_CONFIG', join(root, 'own'));
  vi.stubEnv('TMPDIR', join(root, 'tmp'));
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  rmSync(root, { recursive: true });
});

function program(name: string, script: string): void {
  writeFileSync(join(root, 'bin', name), `#!/bin/sh\n${script}\n`);
  chmodSync(join(root, 'bin', name), 0o755);
}
const tools = {
  local: localShell,
  signal: new AbortController().signal,
};
const login = (signal = tools.signal) => PrivateDockerConfig.login(registry, { ...tools, signal });

const shared = async (own: object, host = registry.host) => {
  writeFileSync(join(root, 'own/config.json'), JSON.stringify(own));
  await using config = await PrivateDockerConfig.login({ ...registry, host }, tools);
  expect(readFileSync(join(root, 'own/config.json'), 'utf8')).toBe(JSON.stringify(own));
  expect(readFileSync(join(config.path, 'token'), 'utf8')).toBe('hunter2');
  expect(statSync(config.path).mode & 0o777).toBe(0o700);
  expect(statSync(join(config.path, 'config.json')).mode & 0o777).toBe(0o600);
  return JSON.parse(readFileSync(join(config.path, 'config.json'), 'utf8'));
};
const THEIRS = { auth: 'dGhlaXJz' };

test("the user's logins and helpers serve other registries, never ours", async () => {
  const credHelpers = { 'aws.io': 'ecr', 'r.io': 'ecr' };
  const auths = { 'x.io': THEIRS, 'r.io': THEIRS, 'https://r.io/v1/': THEIRS };
  expect(await shared({ auths, credsStore: 'safe', credHelpers })).toEqual({
    auths: { 'x.io': THEIRS },
    credsStore: 'safe',
    credHelpers: { 'aws.io': 'ecr', 'r.io': '' },
  });
});

test.each(['docker.io', 'index.docker.io'])(
  "Docker's own registry, %s, is one under all its names",
  async (host) => {
    const auths = { 'https://index.docker.io/v1/': THEIRS, 'docker.io': THEIRS, 'x.io': THEIRS };
    expect(await shared({ auths, credsStore: 'safe' }, host)).toEqual({
      auths: { 'x.io': THEIRS },
      credsStore: 'safe',
      credHelpers: { 'https://index.docker.io/v1/': '' },
    });
  },
);

test.each([
  ['cliPluginsExtraDirs', ['/opt/plugins']],
  ['proxies', { default: { httpProxy: 'http://proxy:3128' } }],
  ['currentContext', 'remote'],
  ['HttpHeaders', { Via: 'me' }],
])('what the user set as %s is set for a build, too', async (key, value) => {
  expect(await shared({ [key]: value })).toMatchObject({ [key]: value });
});

test.each(['{ "auth": "hunter2"', '[]', '{"auths":["hunter2"]}', '{"auths":{"x.io":{"auth":5}}}'])(
  'a config.json that holds %s is named, and not shown',
  async (text) => {
    writeFileSync(join(root, 'own/config.json'), text);
    const error = await login().catch((thrown) => thrown);
    expect(error).toMatchObject({
      code: 'CONFIG_INVALID',
      message: `${join(root, 'own/config.json')} is not a Docker configuration`,
    });
  },
);

test.each([
  '',
  '\n',
  'null',
  '{}',
  '{"auths":null}',
  '{"auths":{"x.io":null}}',
  '{"credHelpers":null}',
  '\uFEFF{}',
])('a config.json that holds %j has no logins', async (text) => {
  writeFileSync(join(root, 'own/config.json'), text);
  await using config = await login();
  expect(JSON.parse(readFileSync(join(config.path, 'config.json'), 'utf8')).auths).toEqual({});
});

test('it is gone afterwards, also when the login is refused; what a killed run left goes, too', async () => {
  mkdirSync(join(root, 'tmp/waggle-run-killed'));
  await (await login())[Symbol.asyncDispose]();
  expect(readdirSync(join(root, 'tmp'))).toEqual([]);
  program('docker', 'echo "denied" >&2; exit 1');
  await expect(login()).rejects.toMatchObject({
    code: 'REGISTRY_REFUSED',
    details: ['denied'],
  });
  expect(readdirSync(join(root, 'tmp'))).toEqual([]);
  expect(existsSync(join(root, 'own/config.json'))).toBe(false);
});

/** A registry that says these, one at each login, and then takes it. */
function answers(...said: readonly string[]): void {
  said.forEach((text, index) => {
    writeFileSync(join(root, `answer-${index}`), text);
  });
  program(
    'docker',
    `cd ${root}; printf x >>logins; set -- answer-*; [ -e "$1" ] || exit 0; cat "$1" >&2; rm "$1"; exit 1`,
  );
}
const logins = () => readFileSync(join(root, 'logins'), 'utf8').length;
const DAEMON = 'Error response from daemon: ';
const BUSY = `${DAEMON}login attempt to https://r.io/v2/ failed with status: 503 Service Unavailable`;

test.each([
  [BUSY],
  [`${DAEMON}Get "https://r.io:5000/v2/": received unexpected HTTP status: 500 Internal Server Error`],
  [`${DAEMON}toomanyrequests: too many requests`],
])('a registry that says %s is asked again', async (said) => {
  const pauses = skipPauses();
  answers(said, BUSY, said);
  await (await login())[Symbol.asyncDispose]();
  expect(pauses).toEqual([1_000, 2_000, 4_000]);
  answers(said, said, said, said);
  await expect(login()).rejects.toMatchObject({ code: 'REGISTRY_REFUSED', details: [said] });
});

test.each([
  [`${DAEMON}Get "https://r.io/v2/": unauthorized: incorrect username or password`],
  [`${DAEMON}login attempt to https://r.io/v2/ failed with status: 401 Unauthorized`],
  [`${DAEMON}Get "https://r.io/v2/": dial tcp: lookup r.io: no such host`],
])('one that says %s is not', async (said) => {
  answers(said);
  await expect(login()).rejects.toMatchObject({ code: 'REGISTRY_REFUSED', details: [said] });
  expect(logins()).toBe(1);
});

test('one that says nothing is left after 30 s', async () => {
  program('docker', 'exec sleep 60');
  const limits = shortenLimits();
  await expect(login()).rejects.toMatchObject({ details: ['no answer within 30 s'] });
  expect(limits).toContain(30_000);
});

test('who stops the run waits for no login', async () => {
  program('docker', 'exec sleep 60');
  const stop = new AbortController();
  setTimeout(() => stop.abort(new Error('stopped')), 100);
  await expect(login(stop.signal)).rejects.toThrow('stopped');
});
