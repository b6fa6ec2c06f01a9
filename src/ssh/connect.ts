import ssh2, { type AnyAuthMethod, type ConnectConfig } from 'ssh2';
import { DeployError, messageOf } from '../shared/errors.ts';
import { algorithmsOf, type Host, readKnownKeys, refusedHostKey } from './host-key.ts';
import { type Identity, readIdentities } from './private-keys.ts';

export interface SshTarget {
  readonly host: Host;
  readonly user: string;
  readonly keyPath: string | undefined;
  readonly hostKey: string | undefined;
}

const CONNECT_TIMEOUT_MS = 15_000;
/** A dead peer is noticed after three silent intervals. */
const KEEPALIVE_MS = 10_000;

/** Opens one verified and authenticated connection, or says in the operator's words why it could not. */
export async function connect(target: SshTarget): Promise<ssh2.Client> {
  const { host, user } = target;
  const [known, identities] = await Promise.all([
    readKnownKeys(host, target.hostKey),
    readIdentities(target.keyPath),
  ]);
  const client = new ssh2.Client();
  let refused: DeployError | undefined;
  const config: ConnectConfig = {
    host: host.name,
    port: host.port,
    username: user,
    readyTimeout: CONNECT_TIMEOUT_MS,
    keepaliveInterval: KEEPALIVE_MS,
    keepaliveCountMax: 3,
    authHandler: identities.map((identity) => authMethod(identity, user)),
    algorithms: { serverHostKey: { prepend: algorithmsOf(known), append: [], remove: [] } },
    hostVerifier: (shown: Buffer) => {
      if (known.some((key) => key.equals(shown))) return true;
      refused = refusedHostKey(host, shown, known);
      return false;
    },
  };
  return new Promise((resolve, reject) => {
    client.once('ready', () => resolve(client));
    client.once('error', (error) => reject(refused ?? unreachable(target, identities, error)));
    client.connect(config);
  });
}

function authMethod(identity: Identity, username: string): AnyAuthMethod {
  if (identity.type === 'agent') return { type: 'agent', username, agent: identity.agent };
  return { type: 'publickey', username, key: identity.key };
}

function unreachable({ host, user }: SshTarget, identities: readonly Identity[], error: Error): DeployError {
  const where = `${user}@${host.name}:${host.port}`;
  const code = (error as NodeJS.ErrnoException).code ?? (error as { level?: string }).level ?? '';
  const [problem, hint] = REASONS[code] ?? [messageOf(error), 'check that you can reach it with ssh'];
  const offered = identities.map(({ label }) => label).join(', ') || 'no key at all';
  const details = code === 'client-authentication' ? [`offered: ${offered}`] : [];
  return new DeployError('UNREACHABLE', `cannot connect to ${where}: ${problem}`, {
    hint,
    details,
    cause: error,
  });
}

/** Node's and ssh2's codes -> what it means, what to do. */
const REASONS: Readonly<Record<string, readonly [string, string]>> = {
  ENOTFOUND: ['there is no such host', 'check DEPLOY_MANAGER_HOST and your DNS'],
  EAI_AGAIN: ['the name cannot be looked up', 'check DEPLOY_MANAGER_HOST and your DNS'],
  ECONNREFUSED: ['the connection was refused', 'check DEPLOY_MANAGER_SSH_PORT, and that sshd runs there'],
  ETIMEDOUT: ['no answer', 'check the firewall and your VPN'],
  EHOSTUNREACH: ['the host is unreachable', 'check the network and your VPN'],
  ECONNRESET: ['the connection was dropped', 'check sshd on the host'],
  'client-timeout': ['no answer within 15 s', 'check the firewall and your VPN'],
  'client-authentication': [
    'it accepts none of the keys',
    'add a public key to its ~/.ssh/authorized_keys, or set DEPLOY_SSH_KEY',
  ],
};
