import { homedir } from 'node:os';
import type { AnyAuthMethod, BaseAgent, ParsedKey } from 'ssh2';
import { DeployError } from '../shared/errors.ts';
import { readBytes, type UnreadableFile } from '../shared/read-file.ts';
import type { Secret } from '../shared/secret.ts';
import { OnlyTheseKeys, readAgentKeys } from './agent.ts';
import type { Endpoint } from './endpoint.ts';
import { explainKey, needsPassphrase, parseKey } from './private-key.ts';

/** One way to authenticate, in the order they are tried. */
export interface Identity {
  /** For the message when none is accepted. */
  readonly label: string;
  /** Somebody has to type its passphrase first. */
  readonly isAsked?: boolean;
  /** It signs by itself, or when somebody lets it. */
  readonly isAgent?: boolean;
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
  const { agent, keys } = await readAgentKeys(endpoint.agent);
  const wanted = endpoint.identitiesOnly
    ? (keys ?? []).filter((key) => found.some(({ publicKey }) => publicKey?.equals(key.getPublicSSH())))
    : (keys ?? []);
  const inAgent = (publicKey: Buffer | undefined) =>
    publicKey !== undefined && wanted.some((key) => key.getPublicSSH().equals(publicKey));
  return [
    ...(named ? [await readNamedKey(named, ask)] : []),
    ...(agent && wanted.length > 0 ? [fromAgent(agent, wanted)] : []),
    ...(keys ? [] : [ofNoUse(`ssh agent ${endpoint.agent}`, 'it does not answer')]),
    ...found.filter(({ publicKey }) => !inAgent(publicKey)).flatMap((file) => fromFile(file, ask)),
  ];
}

/** Named when nothing else was accepted. */
const ofNoUse = (what: string, problem: string): Identity => ({
  label: `${what}: ${problem}`,
  method: async () => undefined,
});

interface KeyFile {
  readonly path: string;
  /** Of one that is there and cannot be read. */
  readonly problem: string | undefined;
  /** undefined: there is only the public part, for an agent that has the rest. */
  readonly text: Buffer | undefined;
  readonly publicKey: Buffer | undefined;
}

async function readKeyFile(path: string): Promise<KeyFile | undefined> {
  const [read, beside] = await Promise.all([
    readBytes(path).catch((error: UnreadableFile) => error.problem),
    readBytes(`${path}.pub`).catch(() => undefined),
  ]);
  const [text, problem] = typeof read === 'string' ? [undefined, read] : [read, undefined];
  const own = text && parseKey(text);
  const known = own ?? (beside && parseKey(beside));
  if (!text && !known && !problem) return undefined;
  const isPublic = own !== undefined && !own.isPrivateKey();
  return { path, problem, text: isPublic ? undefined : text, publicKey: known?.getPublicSSH() };
}

function fromAgent(agent: BaseAgent, keys: readonly ParsedKey[]): Identity {
  const names = keys.map(({ type, comment }) => `${comment || type}`).join(', ');
  return {
    label: `ssh agent (${names})`,
    isAgent: true,
    method: async (username) => ({ type: 'agent', username, agent: new OnlyTheseKeys(agent, keys) }),
  };
}

function fromFile({ path, problem, text }: KeyFile, ask: AskPassphrase): readonly Identity[] {
  if (problem) return [ofNoUse(path, problem)];
  if (!text) return [];
  if (parseKey(text)) return [{ label: path, method: offer(text) }];
  if (!needsPassphrase(text)) return [ofNoUse(path, explainKey(text)[0])];
  return [
    {
      label: path,
      isAsked: true,
      // Asked for only when it is this key's turn.
      method: async (username) => {
        const passphrase = await ask(path);
        const isOpen = passphrase !== undefined && parseKey(text, passphrase) !== undefined;
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
  const passphrase = needsPassphrase(text) ? await ask(label) : undefined;
  if (parseKey(text, passphrase)?.isPrivateKey()) return { label, method: offer(text, passphrase) };
  const [problem, hint] = needsPassphrase(text)
    ? [!passphrase ? 'it has a passphrase' : 'its passphrase is another one', GIVE_PASSPHRASE]
    : explainKey(text);
  throw new DeployError('CONFIG_INVALID', `cannot use ${setting}: ${problem}`, { hint });
}

const GIVE_PASSPHRASE =
  'give its passphrase in DEPLOY_SSH_KEY_PASSPHRASE, or load it into an ssh agent and leave both keys empty';

async function readNamed(named: NamedKey, setting: string): Promise<Buffer> {
  // A variable loses its last line break easily, and forms write those of Windows.
  if ('text' in named) return Buffer.from(`${named.text.revealText().replaceAll('\r\n', '\n').trimEnd()}\n`);
  const refuse = (why: string, cause?: unknown) =>
    new DeployError('CONFIG_INVALID', `cannot read ${setting}: ${why}`, {
      hint: 'name the file of a private key; a key itself belongs in DEPLOY_SSH_PRIVATE_KEY',
      cause,
    });
  const text = await readBytes(named.path.replace(/^~(?=\/)/, homedir())).catch((error: UnreadableFile) => {
    throw refuse(error.problem, error);
  });
  if (text === undefined) throw refuse('there is no such file');
  return text;
}
