import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import ssh2, { type AnyAuthMethod, type BaseAgent, type ParsedKey } from 'ssh2';
import { DeployError } from '../shared/errors.ts';
import type { Secret } from '../shared/secret.ts';
import { OnlyTheseKeys, readAgentKeys } from './agent.ts';
import type { Endpoint } from './endpoint.ts';

/** One way to authenticate, in the order they are tried. */
export interface Identity {
  /** For the message when none is accepted. */
  readonly label: string;
  /** Somebody has to type its passphrase first. */
  readonly isAsked?: boolean;
  /** undefined: it turns out to be of no use, as nobody gave its passphrase. */
  method(username: string): Promise<AnyAuthMethod | undefined>;
}

/** A private key that was named: a file, or the key itself. */
export type NamedKey = { readonly path: string } | { readonly text: Secret };

/** The passphrase of a key file; undefined when nobody is there to ask. */
export type AskPassphrase = (keyFile: string) => Promise<string | undefined>;

/** A key that was named must be there and be usable; then what `ssh` would offer: the agent's keys, then files. */
export async function readIdentities(
  endpoint: Endpoint,
  named: NamedKey | undefined,
  ask: AskPassphrase,
): Promise<readonly Identity[]> {
  const files = await Promise.all(endpoint.identityFiles.map((file) => readKeyFile(file)));
  const found = files.filter((file) => file !== undefined);
  const agentKeys = await readAgentKeys(endpoint.agent);
  const wanted = endpoint.identitiesOnly
    ? agentKeys.keys.filter((key) => found.some(({ publicKey }) => publicKey?.equals(key.getPublicSSH())))
    : agentKeys.keys;
  const inAgent = (publicKey: Buffer | undefined) =>
    publicKey !== undefined && wanted.some((key) => key.getPublicSSH().equals(publicKey));
  return [
    ...(named ? [await readNamedKey(named, ask)] : []),
    ...(agentKeys.agent && wanted.length > 0 ? [fromAgent(agentKeys.agent, wanted)] : []),
    ...found.filter(({ publicKey }) => !inAgent(publicKey)).flatMap((file) => fromFile(file, ask)),
  ];
}

interface KeyFile {
  readonly path: string;
  /** undefined: there is only the public part, for an agent that has the rest. */
  readonly text: Buffer | undefined;
  readonly isEncrypted: boolean;
  readonly publicKey: Buffer | undefined;
}

async function readKeyFile(path: string): Promise<KeyFile | undefined> {
  const [text, beside] = await Promise.all([
    readFile(path).catch(() => undefined),
    readFile(`${path}.pub`).catch(() => undefined),
  ]);
  const parsed = text && parse(text);
  if (parsed && !(parsed instanceof Error) && !parsed.isPrivateKey())
    return { path, text: undefined, isEncrypted: false, publicKey: parsed.getPublicSSH() };
  const publicPart = beside && parse(beside);
  const own = parsed instanceof Error ? undefined : parsed;
  const known = own ?? (publicPart instanceof Error ? undefined : publicPart);
  if (!text && !known) return undefined;
  return { path, text, isEncrypted: parsed instanceof Error, publicKey: known?.getPublicSSH() };
}

function fromAgent(agent: BaseAgent, keys: readonly ParsedKey[]): Identity {
  const names = keys.map(({ type, comment }) => `${comment || type}`).join(', ');
  return {
    label: `ssh agent (${names})`,
    method: async (username) => ({ type: 'agent', username, agent: new OnlyTheseKeys(agent, keys) }),
  };
}

function fromFile({ path, text, isEncrypted }: KeyFile, ask: AskPassphrase): readonly Identity[] {
  if (!text) return [];
  if (!isEncrypted) return [{ label: path, method: offer(text) }];
  return [
    {
      label: `${path} (has a passphrase)`,
      isAsked: true,
      // Asked for only when it is this key's turn.
      method: async (username) => {
        const passphrase = await ask(path);
        const isOpen = passphrase !== undefined && !(parse(text, passphrase) instanceof Error);
        return isOpen ? offer(text, passphrase)(username) : undefined;
      },
    },
  ];
}

function offer(key: Buffer, passphrase?: string): Identity['method'] {
  return async (username) => ({ type: 'publickey', username, key, ...(passphrase && { passphrase }) });
}

async function readNamedKey(named: NamedKey, ask: AskPassphrase): Promise<Identity> {
  const [setting, label] =
    'path' in named
      ? [`DEPLOY_SSH_KEY ${named.path}`, named.path]
      : ['DEPLOY_SSH_PRIVATE_KEY', 'DEPLOY_SSH_PRIVATE_KEY'];
  const text = await readNamed(named, setting);
  const passphrase = parse(text) instanceof Error ? await ask(label) : undefined;
  const unlocked = parse(text, passphrase);
  if (!(unlocked instanceof Error)) return { label, method: offer(text, passphrase) };
  throw new DeployError('CONFIG_INVALID', `cannot use ${setting}: ${unlocked.message}`, {
    hint: 'give its passphrase in DEPLOY_SSH_KEY_PASSPHRASE, or load it into an ssh agent and leave both keys empty',
  });
}

async function readNamed(named: NamedKey, setting: string): Promise<Buffer> {
  // A variable loses its last line break easily, and forms write those of Windows.
  if ('text' in named) return Buffer.from(`${named.text.revealText().replaceAll('\r\n', '\n').trimEnd()}\n`);
  return readFile(named.path.replace(/^~(?=\/)/, homedir())).catch((cause: NodeJS.ErrnoException) => {
    throw new DeployError('CONFIG_INVALID', `cannot read ${setting}: ${cause.code}`, { cause });
  });
}

/** ssh2 gives several keys for a file that holds several; the first is the one. */
function parse(text: Buffer, passphrase?: string): ParsedKey | Error {
  return ssh2.utils.parseKey(text, passphrase);
}
