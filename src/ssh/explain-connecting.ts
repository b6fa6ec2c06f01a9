import { DeployError, messageOf } from '../shared/errors.ts';
import { isRefusal } from './channels.ts';
import { describeEndpoint, type Endpoint } from './endpoint.ts';
import type { Identity } from './identities.ts';

/** What was offered to the host, and what was there and could not be. */
export interface ConnectAttempt {
  readonly offered: Identity[];
  readonly unused: Identity[];
}

/** Why a host could not be reached, or would not let us in, in the operator's words. */
export function explainConnecting(endpoint: Endpoint, error: Error, tried?: ConnectAttempt): DeployError {
  if (error instanceof DeployError) return error;
  const { code = '', level = '' } = error as { code?: string | number; level?: string };
  const kind = isRefusal(error) ? 'forward' : String(level || code);
  const isRefused = kind === 'client-authentication' || String(code) === TOO_MANY;
  const [problem, hint] = (kind === 'client-authentication' && tried && explainLocked(tried)) ||
    (kind === 'client-timeout' && tried?.offered.at(-1)?.isAgent && AGENT_IS_SILENT) ||
    REASONS[kind] ||
    REASONS[String(code)] || [saidBy(error), CHECK_BY_HAND(endpoint)];
  return new DeployError('UNREACHABLE', `cannot connect to ${describeEndpoint(endpoint)}: ${problem}`, {
    hint,
    details: [
      ...(kind === 'forward' ? [`the bastion says: ${saidBy(error)}`] : []),
      ...(isRefused && tried ? describeTried(tried) : []),
    ],
    cause: error,
  });
}

/** Words of a host that nobody knows yet: nothing in them may move a terminal, or pass for a line of ours. */
const saidBy = (error: Error) => messageOf(error).replace(/[\p{Cc}\p{Cf}]+/gu, ' ');

/** A key that is there, and that nobody gave the passphrase of, is the likely one. */
function explainLocked({ offered, unused }: ConnectAttempt): readonly [string, string] | undefined {
  if (!unused.some(({ isAsked }) => isAsked)) return undefined;
  return [
    offered.length > 0 ? 'it accepts none of the keys that are open' : 'the key needs its passphrase',
    'load the key into an ssh agent: ssh-add; or give its passphrase in DEPLOY_SSH_KEY_PASSPHRASE',
  ];
}

function describeTried({ offered, unused }: ConnectAttempt): readonly string[] {
  const labels = offered.map(({ label }) => label).join(', ') || 'no key at all';
  const left = unused.map(({ label, isAsked }) => (isAsked ? `${label}: needs its passphrase` : label));
  return [`offered: ${labels}`, ...left.map((line) => `not offered: ${line}`)];
}

const CHECK_BY_HAND = ({ name, user, port }: Endpoint) =>
  `run: ssh -p ${port} ${user}@${name}; if the server hangs up again, look at MaxStartups, fail2ban and the log of sshd there`;
/** SSH_MSG_DISCONNECT "no more auth methods" is what OpenSSH sends after MaxAuthTries keys: code 2. */
const TOO_MANY = '2';

const AGENT_IS_SILENT: readonly [string, string] = [
  'the ssh agent did not sign within two minutes',
  'confirm there that the key may be used, or unlock the agent; `ssh-add -l` shows if it answers',
];

/** Node's and ssh2's codes -> what it means, what to do. */
const REASONS: Readonly<Record<string, readonly [string, string]>> = {
  ENOTFOUND: ['there is no such host', 'check DEPLOY_MANAGER_HOST, ~/.ssh/config and your DNS'],
  EAI_AGAIN: ['the name cannot be looked up', 'check DEPLOY_MANAGER_HOST, ~/.ssh/config and your DNS'],
  ECONNREFUSED: ['the connection was refused', 'check DEPLOY_MANAGER_SSH_PORT, and that sshd runs there'],
  ETIMEDOUT: ['no answer', 'check the firewall and your VPN'],
  EHOSTUNREACH: ['the host is unreachable', 'check the network and your VPN'],
  ENETUNREACH: ['the network is unreachable', 'check the network and your VPN'],
  ECONNRESET: [
    'the server hung up',
    'look at MaxStartups, fail2ban and the log of sshd on the server: journalctl -u ssh',
  ],
  forward: ['the bastion cannot reach it', 'check from the bastion that its sshd answers'],
  'forward-timeout': ['the bastion gets no answer from it', 'check from the bastion that its sshd answers'],
  'client-timeout': ['no answer within 15 s', 'check the firewall and your VPN'],
  'client-authentication': [
    'it accepts none of the keys',
    'add a public key to its ~/.ssh/authorized_keys, or set DEPLOY_SSH_KEY',
  ],
  [TOO_MANY]: [
    'it hung up after too many keys',
    'name the right one by IdentityFile and IdentitiesOnly in ~/.ssh/config, or by DEPLOY_SSH_KEY',
  ],
};
