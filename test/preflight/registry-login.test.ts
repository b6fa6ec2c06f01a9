import { expect, test } from 'vitest';
import type { CheckContext } from '../../src/preflight/check.ts';
import { registryLogin } from '../../src/preflight/registry-login.ts';
import { DeployError } from '../../src/shared/errors.ts';
import { Secret } from '../../src/shared/secret.ts';
import { release } from '../fakes/inputs.ts';

const TODO = 'use a token that only reads packages and does not expire with the job';

/** What is warned of when the release has this token, the user that login, and the manager's registry says so. */
async function check(token: string, other?: string, refusal?: DeployError): Promise<readonly string[]> {
  const warned: string[] = [];
  const { registry } = release();
  const logins = other ? [{ registry: 'x.io', username: 'AWS', password: new Secret(other) }] : [];
  const tools = {
    swarm: {
      checkRegistryLogin: async () => {
        if (refusal) throw refusal;
      },
    },
    logins: async () => logins,
    log: { warn: (message: string) => warned.push(message) },
  };
  const scene = { release: { registry: { ...registry, token: new Secret(token) } }, tools };
  await registryLogin.run(scene as unknown as CheckContext);
  return warned;
}

test('a token that nodes cannot use tomorrow is warned of, one that lasts is not', async () => {
  expect(await check('a password')).toEqual([]);
  expect(await check('ghs_hunter2', 'eyJhunter2')).toEqual([
    `REGISTRY_TOKEN is a GitHub job's own token: nodes that pull later cannot; ${TODO}`,
    `your login for x.io is a token that expires: nodes that pull later cannot; ${TODO}`,
  ]);
});

test('a login that is refused comes with where it is set, a manager that cannot be asked does not', async () => {
  const refused = new DeployError('REGISTRY_REFUSED', 'unauthorized');
  await expect(check('', undefined, refused)).rejects.toMatchObject({
    code: 'REGISTRY_REFUSED',
    hint: 'check REGISTRY, REGISTRY_USERNAME and REGISTRY_TOKEN in deploy/registry.env',
  });
  const away = new DeployError('UNREACHABLE', 'gone');
  await expect(check('', undefined, away)).rejects.toBe(away);
});
