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
import { createMask } from '../../src/shared/mask.ts';
import { Secret } from '../../src/shared/secret.ts';
import { localShell } from '../../src/shared/shell.ts';

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
  rmSync(root, { recursive: true });
});

function program(name: string, script: string): void {
  writeFileSync(join(root, 'bin', name), `#!/bin/sh\n${script}\n`);
  chmodSync(join(root, 'bin', name), 0o755);
}
const login = () => PrivateDockerConfig.login(registry, localShell, createMask([registry.token]));

test("the user's helpers serve other registries, never ours, and no login of theirs is taken along", async () => {
  const own = {
    auths: { 'x.io': { auth: 'aHVudGVyMg==' } },
    credsStore: 'safe',
    credHelpers: { 'aws.io': 'ecr', 'r.io': 'ecr' },
  };
  writeFileSync(join(root, 'own/config.json'), JSON.stringify(own));
  program('docker-credential-safe', `echo '{"ghcr.io":"me","r.io":"me"}'`);
  await using config = await login();
  expect(JSON.parse(readFileSync(join(config.path, 'config.json'), 'utf8'))).toEqual({
    credHelpers: { 'ghcr.io': 'safe', 'aws.io': 'ecr' },
  });
  expect(readFileSync(join(config.path, 'token'), 'utf8')).toBe('hunter2');
  expect(statSync(config.path).mode & 0o777).toBe(0o700);
  expect(readFileSync(join(root, 'own/config.json'), 'utf8')).toBe(JSON.stringify(own));
});

test('it is gone afterwards, also when the login is refused; what a killed run left goes, too', async () => {
  const [dead, alive] = ['waggle-run-4194999-abc', `waggle-run-${process.pid}-abc`];
  for (const name of [dead, alive]) mkdirSync(join(root, 'tmp', name));
  await (await login())[Symbol.asyncDispose]();
  expect(readdirSync(join(root, 'tmp'))).toEqual([alive]);
  program('docker', 'echo "denied: hunter2" >&2; exit 1');
  await expect(login()).rejects.toMatchObject({
    code: 'REGISTRY_REFUSED',
    details: [expect.not.stringContaining('hunter2')],
  });
  expect(readdirSync(join(root, 'tmp'))).toEqual([alive]);
  expect(existsSync(join(root, 'own/config.json'))).toBe(false);
});
