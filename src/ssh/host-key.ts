import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { ServerHostKeyAlgorithm } from 'ssh2';
import { DeployError } from '../shared/errors.ts';

export interface Host {
  readonly name: string;
  readonly port: number;
}

/** The keys this host may show, in the wire format that ssh2 hands to its verifier. */
export async function readKnownKeys(host: Host, pinned: string | undefined): Promise<readonly Buffer[]> {
  if (pinned) return [keyIn(pinned.split(/\s+/))];
  const text = await readFile(join(homedir(), '.ssh', 'known_hosts'), 'utf8').catch(() => '');
  return parseKnownHosts(text, host);
}

/** known_hosts(5): plain and hashed names, [host]:port. Lines with a @marker are not plain host keys. */
export function parseKnownHosts(text: string, host: Host): readonly Buffer[] {
  const name = host.port === 22 ? host.name : `[${host.name}]:${host.port}`;
  return text
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([names = '', , key]) => key && !/^[@#]/.test(names))
    .filter(([names = '']) => names.split(',').some((pattern) => matchesName(pattern, name)))
    .map(([, ...key]) => keyIn(key))
    .filter((key) => key.length > 4);
}

/** `|1|salt|HMAC-SHA1(salt, name)`, or the name itself. */
function matchesName(pattern: string, name: string): boolean {
  const [, version, salt, hash] = pattern.split('|');
  if (version !== '1' || !salt || !hash) return pattern.toLowerCase() === name.toLowerCase();
  const expected = createHmac('sha1', Buffer.from(salt, 'base64')).update(name).digest();
  const actual = Buffer.from(hash, 'base64');
  return actual.length === expected.length && timingSafeEqual(actual, expected);
}

/** `ssh-ed25519 AAAA... comment` -> the key's bytes. */
function keyIn(words: readonly string[]): Buffer {
  return Buffer.from(words.find((word) => word.startsWith('AAAA')) ?? '', 'base64');
}

const ALGORITHMS: Readonly<Record<string, readonly ServerHostKeyAlgorithm[]>> = {
  'ssh-ed25519': ['ssh-ed25519'],
  'ecdsa-sha2-nistp256': ['ecdsa-sha2-nistp256'],
  'ecdsa-sha2-nistp384': ['ecdsa-sha2-nistp384'],
  'ecdsa-sha2-nistp521': ['ecdsa-sha2-nistp521'],
  'ssh-rsa': ['rsa-sha2-512', 'rsa-sha2-256'],
};

/** The algorithms of the known keys first, as ssh itself asks: a host may have keys that nobody here knows. */
export function algorithmsOf(known: readonly Buffer[]): ServerHostKeyAlgorithm[] {
  // A key begins with its type: four bytes of length, then the name.
  const types = known.map((key) => key.toString('latin1', 4, 4 + key.readUInt32BE(0)));
  return [...new Set(types.flatMap((type) => ALGORITHMS[type] ?? []))];
}

/** As `ssh-keygen -lf` prints it. */
export function fingerprintOf(key: Buffer): string {
  return `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`;
}

/** Why a key was not accepted. There is no way to turn the check off. */
export function refusedHostKey(host: Host, shown: Buffer, known: readonly Buffer[]): DeployError {
  const where = `${host.name}:${host.port}`;
  const seen = `it showed ${fingerprintOf(shown)}`;
  if (known.length === 0) {
    return new DeployError('UNREACHABLE', `the host key of ${where} is not known; ${seen}`, {
      hint: `compare it with the server's own \`ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub\`, then run: ssh-keyscan -p ${host.port} ${host.name} >> ~/.ssh/known_hosts`,
    });
  }
  return new DeployError('UNREACHABLE', `the host key of ${where} is not the known one; ${seen}`, {
    details: known.map((key) => `expected ${fingerprintOf(key)}`),
    hint: 'if the server was reinstalled, replace its key in ~/.ssh/known_hosts or DEPLOY_SSH_HOST_KEY; if not, somebody may be in between',
  });
}
