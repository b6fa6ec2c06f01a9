import type { ClusterSettings } from '../config/settings.ts';
import type { Release } from '../plan/release/release.ts';
import type { Chronicle } from '../shared/chronicle.ts';
import { createMask, type Mask } from '../shared/mask.ts';
import { Secret } from '../shared/secret.ts';
import { localShell } from '../shared/shell.ts';
import type { Ask, Tools } from '../shared/tools.ts';
import type { Destination } from '../ssh/endpoint.ts';
import type { AskPassphrase, NamedKey } from '../ssh/identities.ts';
import { swarmClient } from '../swarm/client.ts';
import { openNodes } from './open-nodes.ts';

/** The tools of a run: one SSH session, the Docker API within it, and a mask for all secrets of the release. */
export async function connectTools(
  release: Release,
  log: Chronicle,
  signal: AbortSignal,
  ask: Ask,
): Promise<Tools & AsyncDisposable> {
  const { settings, registry } = release;
  const { DEPLOY_MANAGER_USER: user, DEPLOY_MANAGER_SSH_PORT: port } = settings;
  const credentials = {
    key: namedKey(settings),
    hostKey: settings.DEPLOY_SSH_HOST_KEY,
    ask: passphrases(settings.DEPLOY_SSH_KEY_PASSPHRASE, ask),
  };
  const managers = settings.DEPLOY_MANAGER_HOST.map((name) => ({ name, user, port }));
  const nodes = openNodes();
  const main = nodes.open({ ...credentials, managers });
  // One manager needs no second connection.
  const nodeOf = (manager: Destination) =>
    managers.length === 1 ? main : nodes.open({ ...credentials, managers: [manager] });
  const login = {
    serveraddress: registry.host,
    username: registry.username,
    password: registry.token.revealText(),
  };
  await main.session.open();
  return {
    swarm: swarmClient(main.docker, login),
    remote: main.session,
    hosts: managers.map((manager) => nodeOf(manager).host(manager.name)),
    // The key that is pinned is that of the managers, and so is their port.
    hostNamed: (name) => nodes.open({ ...credentials, hostKey: '', managers: [{ name, user }] }).host(name),
    local: localShell,
    log,
    mask: maskOf(release),
    ask,
    signal,
    [Symbol.asyncDispose]: () => nodes.close(),
  };
}

/** Every value that must not be seen in what comes from outside. */
function maskOf({ registry, settings, sensitive, builds, objects }: Release): Mask {
  return createMask([
    registry.token,
    ...Object.values(settings).filter((value) => value instanceof Secret),
    ...Object.values(sensitive),
    ...settings.DEPLOY_HEALTHCHECK_URL.flatMap(({ login }) => login ?? []),
    ...builds.flatMap(({ secrets }) => secrets.flatMap(({ value }) => value ?? [])),
    ...objects.flatMap(({ kind, value }) => (kind === 'secret' && value ? [value] : [])),
  ]);
}

function namedKey({
  DEPLOY_SSH_KEY: path,
  DEPLOY_SSH_PRIVATE_KEY: text,
}: ClusterSettings): NamedKey | undefined {
  if (text) return { text };
  return path ? { path } : undefined;
}

/** The one that is set, or one for each key from the terminal; asked for once, however often it connects. */
function passphrases(given: Secret | undefined, ask: Ask): AskPassphrase {
  const asked = new Map<string, Promise<string | undefined>>();
  return async (keyFile) => {
    if (given) return given.revealText();
    const answer = asked.get(keyFile) ?? ask(`passphrase of ${keyFile}: `, { isHidden: true });
    asked.set(keyFile, answer);
    return answer;
  };
}
