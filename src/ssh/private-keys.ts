import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import ssh2 from 'ssh2';
import { DeployError } from '../shared/errors.ts';

/** ssh2's ways to authenticate, in the order they are tried. */
export type Identity =
  | { readonly type: 'agent'; readonly agent: string; readonly label: string }
  | { readonly type: 'publickey'; readonly key: Buffer; readonly label: string };

const DEFAULT_KEYS = ['id_ed25519', 'id_ecdsa', 'id_rsa'];

/** A key that was named must be usable; else whatever the agent and ~/.ssh hold is offered. */
export async function readIdentities(namedKey: string | undefined): Promise<readonly Identity[]> {
  if (namedKey) return [await readNamedKey(namedKey.replace(/^~(?=\/)/, homedir()))];
  const agent = process.env.SSH_AUTH_SOCK;
  const keys = await Promise.all(DEFAULT_KEYS.map((name) => readDefaultKey(join(homedir(), '.ssh', name))));
  const identities: Identity[] = agent ? [{ type: 'agent', agent, label: 'ssh agent' }] : [];
  return [...identities, ...keys.filter((key) => key !== undefined)];
}

async function readNamedKey(path: string): Promise<Identity> {
  const key = await readFile(path).catch((cause: NodeJS.ErrnoException) => {
    throw new DeployError('CONFIG_INVALID', `cannot read DEPLOY_SSH_KEY ${path}: ${cause.code}`, { cause });
  });
  const parsed = ssh2.utils.parseKey(key);
  if (!(parsed instanceof Error)) return { type: 'publickey', key, label: path };
  throw new DeployError('CONFIG_INVALID', `cannot use DEPLOY_SSH_KEY ${path}: ${parsed.message}`, {
    hint: 'a key with a passphrase must be loaded into an ssh agent: ssh-add, and leave DEPLOY_SSH_KEY empty',
  });
}

/** A default key that is absent, or that only an agent could unlock, is passed over. */
async function readDefaultKey(path: string): Promise<Identity | undefined> {
  const key = await readFile(path).catch(() => undefined);
  if (key === undefined || ssh2.utils.parseKey(key) instanceof Error) return undefined;
  return { type: 'publickey', key, label: path };
}
