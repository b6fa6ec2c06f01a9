import { createHash } from 'node:crypto';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import type { ServerHostKeyAlgorithm } from 'ssh2';
import { findUtf16 } from '../shared/decode-text.ts';
import { DeployError, type FailureDetails, messageOf } from '../shared/errors.ts';
import { readBytes, UnreadableFile } from '../shared/read-file.ts';
import { type Endpoint, knownHostName } from './endpoint.ts';
import { judgeHostCertificate, parseHostCertificate } from './host-certificate.ts';
import { type KnownHost, keysIn, parseKnownHosts } from './known-hosts.ts';
import { readHostCertificate } from './read-host-certificate.ts';
import { readRevokedKeys } from './read-revoked-keys.ts';

/** A host did not show a key that is known to be its own. */
export class HostKeyRefused extends DeployError {
  /** There is no known key, so it is not another one. */
  readonly isUnknown: boolean;

  constructor(message: string, { isUnknown, ...details }: FailureDetails & { readonly isUnknown: boolean }) {
    super('UNREACHABLE', message, details);
    this.isUnknown = isUnknown;
  }
}

/**
 * The keys that are pinned by DEPLOY_SSH_HOST_KEY, as it is set; '': known_hosts decides. undefined: the setting is not
 * about this host.
 */
export type PinnedKeys = string | undefined;

export interface TrustedKeys extends KnownHost {
  readonly isPinnable: boolean;
}

/** What is known of a host: the keys that are pinned, or else its known_hosts files. */
export async function readTrustedKeys(endpoint: Endpoint, pinned: PinnedKeys): Promise<TrustedKeys> {
  const known = { ...(await readKnownHosts(endpoint)), isPinnable: pinned !== undefined };
  // A pin does not make a revoked key valid.
  return pinned ? { ...known, keys: keysIn(pinned), authorities: [] } : known;
}

async function readKnownHosts(endpoint: Endpoint): Promise<KnownHost> {
  const [known, revoked] = await Promise.all([readKnownHostsFiles(endpoint), readRevokedKeys(endpoint)]);
  return { ...known, revoked: [...known.revoked, ...revoked] };
}

async function readKnownHostsFiles(endpoint: Endpoint): Promise<KnownHost> {
  const texts = await Promise.all(endpoint.knownHostsFiles.map(readKnownHostsFile));
  const known = parseKnownHosts(texts.join('\n'), endpoint.knownAs);
  const isWithPort = endpoint.knownAs.startsWith('[');
  if (known.keys.length > 0 || !isWithPort) return known;
  // As ssh does: a host that is known without its port is known, with all that is said of it.
  const plain = parseKnownHosts(texts.join('\n'), endpoint.host);
  return {
    keys: plain.keys,
    authorities: [...known.authorities, ...plain.authorities],
    revoked: [...known.revoked, ...plain.revoked],
  };
}

/** As ssh reads it: a file that the system refuses counts as empty, and a comment may have any bytes. */
async function readKnownHostsFile(path: string): Promise<string> {
  const bytes = await readBytes(path).catch((error: Error) => {
    if (error.cause === undefined) throw error;
    return undefined;
  });
  const encoding = bytes && findUtf16(bytes);
  if (encoding) throw new UnreadableFile(path, `is ${encoding}, not UTF-8: save it as UTF-8`);
  return bytes?.toString('utf8').replace(/^\uFEFF/, '') ?? '';
}

/**
 * Throws unless the key that a host showed is known to be its own, itself or by a certificate. There is no way to
 * turn this off. `openAnother` opens a second connection, on which a certificate is asked for.
 */
export async function verifyHostKey(
  endpoint: Endpoint,
  shown: Buffer,
  known: TrustedKeys,
  openAnother: () => Promise<Duplex>,
): Promise<void> {
  const isShown = (key: Buffer) => key.equals(shown);
  if (known.revoked.some(isShown)) throw refused(endpoint, shown, 'is revoked', [], REVOKED);
  if (known.keys.some(isShown)) return;
  if (known.authorities.length > 0) {
    const problem = await judgeCertificateOf(endpoint, shown, known, openAnother);
    if (problem === undefined) return;
    if (known.keys.length === 0) throw refused(endpoint, shown, 'is not vouched for', [problem], CHANGED);
  }
  if (known.keys.length === 0) {
    const hint = `${howToAdd(endpoint)}${known.isPinnable ? howToPin(shown) : ''}`;
    throw refused(endpoint, shown, UNKNOWN, [], hint);
  }
  const expected = known.keys.map((key) => `expected ${fingerprintOf(key)}`);
  throw refused(endpoint, shown, 'is not the known one', expected, CHANGED);
}

async function judgeCertificateOf(
  endpoint: Endpoint,
  shown: Buffer,
  known: KnownHost,
  openAnother: () => Promise<Duplex>,
): Promise<string | undefined> {
  const stream = await openAnother();
  try {
    return judgeShown(endpoint, shown, known, await readHostCertificate(stream));
  } catch (error) {
    // It hung up, never answered, or what it showed is cut short.
    return `its certificate cannot be read: ${messageOf(error)}`;
  }
}

function judgeShown(
  endpoint: Endpoint,
  shown: Buffer,
  { authorities, revoked }: KnownHost,
  blob: Buffer | undefined,
): string | undefined {
  const certificate = blob && parseHostCertificate(blob);
  if (!certificate) return 'it shows no certificate';
  if (!certificate.hostKey.equals(shown)) return 'its certificate is for another key';
  return judgeHostCertificate(certificate, {
    host: endpoint.knownAs.replace(/^\[(.*)\]:\d+$/, '$1'),
    authorities: authorities.filter((authority) => !revoked.some((key) => key.equals(authority))),
    now: Math.floor(Date.now() / 1000),
  });
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
  return [...new Set(known.flatMap((key) => ALGORITHMS[typeOf(key)] ?? []))];
}

/** A key begins with its type: four bytes of length, then the name. */
const typeOf = (key: Buffer) => key.toString('latin1', 4, 4 + key.readUInt32BE(0));

/** As `ssh-keygen -lf` prints it. */
export function fingerprintOf(key: Buffer): string {
  return `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`;
}

const UNKNOWN = 'is not known';
const REVOKED = 'somebody marked it @revoked in known_hosts: give the server a new key';
const CHANGED =
  'if the server was reinstalled, replace its key in ~/.ssh/known_hosts or DEPLOY_SSH_HOST_KEY, which takes those of several managers, joined by a comma; if not, somebody may be in between';

const USUAL_FILE = '.ssh/known_hosts';

/** A scan goes straight to the host, and writes the name that it was called by. */
function howToAdd(endpoint: Endpoint): string {
  const { name, user, host, port, knownAs, knownHostsFiles, jumps, proxyCommand } = endpoint;
  const compare = "compare it with the server's own `ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub`, then";
  const through = jumps.length > 0 ? `-J ${jumps.join(',')} ` : '';
  if (through !== '' || proxyCommand !== undefined)
    return `${compare} accept it here: ssh ${through}-p ${port} ${user}@${name}`;
  const isAlias = knownAs !== knownHostName(host, port);
  const rename = isAlias ? ` | sed 's/^[^#][^ ]*/${knownAs}/'` : '';
  const file = knownHostsFiles.find((path) => path !== '/dev/null') ?? join(homedir(), USUAL_FILE);
  const shown = file === join(homedir(), USUAL_FILE) ? `~/${USUAL_FILE}` : file;
  return `${compare} run: ssh-keyscan -p ${port} ${host}${rename} >> ${shown}`;
}

/** For where nobody keeps a known_hosts file. What is pinned is all that counts, so it has to be those of all managers. */
const howToPin = (shown: Buffer) =>
  `; where there is no known_hosts, as in CI, set DEPLOY_SSH_HOST_KEY='${typeOf(shown)} ${shown.toString('base64')}' instead; with several managers, the keys of all, joined by a comma`;

function refused(
  { host, port }: Endpoint,
  shown: Buffer,
  problem: string,
  details: readonly string[],
  hint: string,
): HostKeyRefused {
  const message = `the host key of ${host}:${port} ${problem}; it showed ${fingerprintOf(shown)}`;
  return new HostKeyRefused(message, { details, hint, isUnknown: problem === UNKNOWN });
}
