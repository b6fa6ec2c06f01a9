import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { readLogins } from '../../src/build/read-logins.ts';
import { otherRegistries } from '../../src/plan/release/images.ts';
import { localShell } from '../../src/shared/shell.ts';
import { release } from '../fakes/inputs.ts';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'read-logins-test-'));
  mkdirSync(join(root, 'bin'));
  vi.stubEnv('PATH', `${join(root, 'bin')}:${process.env.PATH}`);
  vi.stubEnv('DOCKER_CONFIG', root);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(root, { recursive: true });
});

function program(name: string, script: string): void {
  writeFileSync(join(root, 'bin', name), `#!/bin/sh\n${script}\n`);
  chmodSync(join(root, 'bin', name), 0o755);
}
const base64 = (text: string) => Buffer.from(text).toString('base64');
const HELPER = `case $1 in
list) echo '{}' ;;
get) read -r server; case $server in y.io) ;; x.io|https://index.docker.io/v1/) ;; *) echo 'credentials not found in native keychain'; exit 1 ;; esac; echo "{\\"Username\\":\\"$NAME\\",\\"Secret\\":\\"hunter2 of $server\\"}" ;;
esac`;

test.each<[what: string, config: object, registry: string, expected: readonly string[]]>([
  ['nothing', {}, 'x.io', []],
  ['a login', { auths: { 'x.io': { auth: base64('me:a:b') } } }, 'x.io', ['me a:b']],
  ['that of a URL', { auths: { 'https://x.io/v1/': { auth: base64('me:pw') } } }, 'x.io', ['me pw']],
  [
    "Docker's",
    { auths: { 'https://index.docker.io/v1/': { auth: base64('me:pw') } } },
    'docker.io',
    ['me pw'],
  ],
  ['a token', { auths: { 'x.io': { auth: base64('me:'), identitytoken: 't' } } }, 'x.io', ['me t token']],
  ['another', { auths: { 'y.io': { auth: base64('me:pw') } } }, 'x.io', []],
  ['nonsense', { auths: { 'x.io': { auth: '????' } } }, 'x.io', []],
  ['a store', { auths: { 'x.io': {} }, credsStore: 'safe' }, 'x.io', ['me hunter2 of x.io']],
  [
    "a store with Docker's",
    { credsStore: 'safe' },
    'docker.io',
    ['me hunter2 of https://index.docker.io/v1/'],
  ],
  ['a store without it', { credsStore: 'safe' }, 'z.io', []],
  [
    'a store, and a file',
    { auths: { 'z.io': { auth: base64('me:pw') } }, credsStore: 'safe' },
    'z.io',
    ['me pw'],
  ],
  ['a login in clear', { auths: { 'x.io': { username: 'me', password: 'p:w' } } }, 'x.io', ['me p:w']],
  ['no helper for it', { credHelpers: { 'y.io': '' }, credsStore: 'safe' }, 'y.io', []],
  ['null', { auths: null, credHelpers: null, credsStore: null }, 'x.io', []],
  ['a helper', { credHelpers: { 'y.io': 'safe' } }, 'y.io', ['me hunter2 of y.io']],
  ['a helper that fails', { credHelpers: { 'y.io': 'absent' } }, 'y.io', []],
])('the login for a registry, of a config with %s', async (_what, config, registry, expected) => {
  program('docker-credential-safe', HELPER);
  vi.stubEnv('NAME', 'me');
  writeFileSync(join(root, 'config.json'), JSON.stringify(config));
  const logins = await readLogins([registry], localShell);
  const shown = logins.map(
    ({ username, password, isToken }) => `${username} ${password.revealText()}${isToken ? ' token' : ''}`,
  );
  expect(shown).toEqual(expected);
});

test("a helper's token is one", async () => {
  program('docker-credential-safe', HELPER);
  vi.stubEnv('NAME', '<token>');
  writeFileSync(join(root, 'config.json'), JSON.stringify({ credHelpers: { 'x.io': 'safe' } }));
  expect(await readLogins(['x.io'], localShell)).toMatchObject([{ registry: 'x.io', isToken: true }]);
});

test('other registries are those of images that are not in ours', () => {
  const stack = 'services: { a: { image: r.io/a:1 }, b: { image: redis:7 }, c: { image: x.io/c:1 } }\n';
  expect(otherRegistries(release({}, stack))).toEqual(['docker.io', 'x.io']);
  const registry = { ...release().registry, host: 'index.docker.io' };
  expect(otherRegistries({ ...release({}, stack), registry })).toEqual(['r.io', 'x.io']);
});
