import { loginAddress, registryName } from '../shared/image-name.ts';
import type { RegistryLogin } from '../shared/registry-login.ts';
import { Secret } from '../shared/secret.ts';
import type { Shell } from '../shared/shell.ts';
import { parseJson, readUserConfig, type StoredLogin } from './user-config.ts';

/** How a helper says that what it has is a token. */
const TOKEN = '<token>';

/** The user's own logins for these registries, as Docker's client would use them; none where there is none. */
export async function readLogins(
  registries: readonly string[],
  local: Shell,
): Promise<readonly RegistryLogin[]> {
  if (registries.length === 0) return [];
  const { auths = {}, credHelpers = {}, credsStore } = await readUserConfig();
  const logins = registries.map(async (registry) => {
    const of = <T>(servers: Readonly<Record<string, T>>) =>
      Object.entries(servers).find(([server]) => registryName(server) === registry)?.[1];
    const helper = of(credHelpers) ?? credsStore;
    const stored = of(auths);
    return (
      (helper ? await askHelper(registry, helper, local) : undefined) ?? (stored && decode(registry, stored))
    );
  });
  return (await Promise.all(logins)).filter((login) => login !== undefined);
}

async function askHelper(registry: string, helper: string, local: Shell): Promise<RegistryLogin | undefined> {
  const { exitCode, stdout } = await local([`docker-credential-${helper}`, 'get'], {
    input: loginAddress(registry),
  });
  if (exitCode !== 0) return undefined;
  const { Username = '', Secret: password = '' } = (parseJson(stdout) ?? {}) as Record<string, string>;
  const isToken = Username === TOKEN;
  return password ? { registry, username: Username, password: new Secret(password), isToken } : undefined;
}

function decode(registry: string, stored: StoredLogin): RegistryLogin | undefined {
  const { auth, identitytoken } = stored;
  const plain = auth
    ? Buffer.from(auth, 'base64').toString()
    : `${stored.username ?? ''}:${stored.password ?? ''}`;
  const [, username = '', password = ''] = /^([^:]*):([\s\S]*)$/.exec(plain) ?? [];
  if (identitytoken) return { registry, username, password: new Secret(identitytoken), isToken: true };
  return password ? { registry, username, password: new Secret(password), isToken: false } : undefined;
}
