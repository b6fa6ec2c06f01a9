import { readLogins } from '../build/read-logins.ts';
import { managersOf } from '../config/managers.ts';
import type { ClusterSettings } from '../config/settings.ts';
import type { ConnectOptions } from '../pipeline/run-context.ts';
import { otherRegistries } from '../plan/release/images.ts';
import type { Release } from '../plan/release/release.ts';
import type { Destination } from '../shared/destination.ts';
import type { Secrecy } from '../shared/mask.ts';
import type { RegistryLogin } from '../shared/registry-login.ts';
import type { Secret } from '../shared/secret.ts';
import { localShell } from '../shared/shell.ts';
import { unlessAborted } from '../shared/time-limit.ts';
import type { Ask, Tools } from '../shared/tools.ts';
import type { AskPassphrase, NamedKey } from '../ssh/identities.ts';
import { swarmClient } from '../swarm/client.ts';
import { type Candidate, ClusterGuard } from '../swarm/cluster-guard.ts';
import { openNodes } from './open-nodes.ts';
import { clusterMemory, pinCluster } from './pin-cluster.ts';

/** What the process lends to the tools of a run. */
export interface Run extends Pick<Tools, 'log' | 'signal' | 'ask'> {
  readonly secrecy: Secrecy;
}

/** The tools of a run: one SSH session, and the Docker API within it. */
export async function connectTools(
  release: Release,
  { log, signal, ask, secrecy }: Run,
  options: ConnectOptions = {},
): Promise<Tools & AsyncDisposable> {
  const { settings, registry } = release;
  const guard = new ClusterGuard(options.planned ?? settings.DEPLOY_CLUSTER_ID);
  const memory = clusterMemory(release);
  const user = settings.DEPLOY_MANAGER_USER;
  const passphrases = askedOnce(settings.DEPLOY_SSH_KEY_PASSPHRASE, ask);
  const credentials = {
    key: namedKey(settings),
    hostKey: settings.DEPLOY_SSH_HOST_KEY ?? '',
    ask: passphrases.ask,
    warn: eachOnce((text) => log.warn(text)),
  };
  const admit = (candidate: Candidate) => guard.admit(candidate);
  const managers = managersOf(settings);
  const nodes = openNodes();
  const main = nodes.open({ ...credentials, managers, admit });
  // One manager needs no second connection.
  const nodeOf = (manager: Destination) =>
    managers.length === 1 ? main : nodes.open({ ...credentials, managers: [manager], admit });
  const login = {
    serveraddress: registry.host,
    username: registry.username,
    password: registry.token.revealText(),
  };
  const logins = readWhenAsked(release, secrecy);
  const cluster = pinCluster(guard, memory, options, ask);
  const last = options.mayBeNew ? undefined : await memory.read();
  // Nothing is begun yet: Ctrl-C need not wait for a host that does not answer.
  await unlessAborted(main.session.open(), signal);
  if (last) await cluster.accept(last, 'the last deploy from this checkout');
  return {
    cluster,
    swarm: swarmClient(main.docker, login, logins, main.urgent),
    logins,
    mask: secrecy.mask,
    remote: main.session,
    hosts: managers.map((manager) => nodeOf(manager).host(manager)),
    // The key that is pinned is that of the managers, and so is their port.
    hostNamed(name, { isQuiet = false } = {}) {
      const other = { ...credentials, ...(isQuiet && { ask: passphrases.known }), hostKey: undefined };
      return nodes.open({ ...other, managers: [{ name, user }] }).host({ name });
    },
    local: localShell,
    log,
    ask,
    signal,
    lost: new AbortController().signal, // of a lock that nobody holds
    fenceCommands: async () => {},
    [Symbol.asyncDispose]: () => nodes.close(),
  };
}

/** However often it connects. */
function eachOnce(say: (text: string) => void): (text: string) => void {
  const said = new Set<string>();
  return (text) => {
    if (!said.has(text)) say(text);
    said.add(text);
  };
}

/** The user's other logins, read once at most; their passwords are never shown either. */
function readWhenAsked(release: Release, secrecy: Secrecy): Tools['logins'] {
  let reading: Promise<readonly RegistryLogin[]> | undefined;
  const read = async () => {
    const found = await readLogins(otherRegistries(release), localShell);
    secrecy.learn(found.map(({ password: value }) => ({ value, isTelling: true })));
    return found;
  };
  return () => (reading ??= read());
}

function namedKey({
  DEPLOY_SSH_KEY: path,
  DEPLOY_SSH_PRIVATE_KEY: text,
}: ClusterSettings): NamedKey | undefined {
  if (text) return { text };
  return path ? { path } : undefined;
}

/** The one that is set, or one for each key from the terminal, asked for once, however often it connects; or those that are known by now. */
function askedOnce(given: Secret | undefined, ask: Ask): Record<'ask' | 'known', AskPassphrase> {
  const asked = new Map<string, Promise<string | undefined>>();
  return {
    async ask(keyFile) {
      if (given) return given.revealText();
      const answer = asked.get(keyFile) ?? ask(`passphrase of ${keyFile}: `, { isHidden: true });
      asked.set(keyFile, answer);
      return answer;
    },
    known: async (keyFile) => given?.revealText() ?? asked.get(keyFile),
  };
}
