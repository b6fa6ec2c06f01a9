import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import ssh2 from 'ssh2';
import { matchesNames } from './known-hosts.ts';
import { WireReader, withLength } from './wire.ts';

/** A host certificate, PROTOCOL.certkeys of OpenSSH. */
export interface HostCertificate {
  /** The host's own key, as it shows it without a certificate. */
  readonly hostKey: Buffer;
  readonly isForHosts: boolean;
  readonly principals: readonly string[];
  /** Seconds since 1970. */
  readonly validAfter: bigint;
  readonly validBefore: bigint;
  readonly hasCriticalOptions: boolean;
  readonly authority: Buffer;
  readonly isSigned: boolean;
}

/** Public parts between the nonce and the serial, by key type. */
const PARTS: Readonly<Record<string, number>> = {
  'ssh-ed25519': 1,
  'ssh-rsa': 2,
  'ecdsa-sha2-nistp256': 2,
  'ecdsa-sha2-nistp384': 2,
  'ecdsa-sha2-nistp521': 2,
};
const SUFFIX = '-cert-v01@openssh.com';
const FOR_HOSTS = 2;

/** undefined if it is not a certificate of a known kind. Throws if it is truncated. */
export function parseHostCertificate(blob: Buffer): HostCertificate | undefined {
  const reader = new WireReader(blob);
  const type = reader.text();
  const plain = type.replace(SUFFIX, '');
  const count = PARTS[plain];
  if (!type.endsWith(SUFFIX) || count === undefined) return undefined;
  reader.string(); // nonce
  const parts = Array.from({ length: count }, () => reader.string());
  reader.uint64(); // serial
  const kind = reader.uint32();
  reader.string(); // key id
  const names = new WireReader(reader.string());
  const principals: string[] = [];
  while (!names.isAtEnd) principals.push(names.text());
  const [validAfter, validBefore] = [reader.uint64(), reader.uint64()];
  const criticalOptions = reader.string();
  reader.string(); // extensions
  reader.string(); // reserved
  const authority = reader.string();
  const signed = blob.subarray(0, reader.offset);
  return {
    hostKey: Buffer.concat([Buffer.from(plain), ...parts].map(withLength)),
    isForHosts: kind === FOR_HOSTS,
    principals,
    validAfter,
    validBefore,
    hasCriticalOptions: criticalOptions.length > 0,
    authority,
    isSigned: isSigned(signed, reader.string(), authority),
  };
}

/** Why a certificate says nothing of this host; undefined when it vouches for it. `now` in seconds since 1970. */
export function judgeHostCertificate(
  certificate: HostCertificate,
  { host, authorities, now }: { host: string; authorities: readonly Buffer[]; now: number },
): string | undefined {
  if (!authorities.some((authority) => authority.equals(certificate.authority)))
    return 'its certificate is of another authority';
  if (!certificate.isSigned) return 'the signature of its certificate is wrong';
  if (!certificate.isForHosts) return 'its certificate is one for users';
  if (certificate.hasCriticalOptions) return 'its certificate has conditions that are not known here';
  if (BigInt(now) < certificate.validAfter) return 'its certificate is not valid yet';
  if (BigInt(now) >= certificate.validBefore) return 'its certificate has expired';
  if (!certificate.principals.some((principal) => matchesNames(principal, host)))
    return `its certificate is for ${certificate.principals.join(', ') || 'nobody'}`;
  return undefined;
}

const HASHES: Readonly<Record<string, string | undefined>> = {
  'rsa-sha2-256': 'sha256',
  'rsa-sha2-512': 'sha512',
  'ecdsa-sha2-nistp256': 'sha256',
  'ecdsa-sha2-nistp384': 'sha384',
  'ecdsa-sha2-nistp521': 'sha512',
};

function isSigned(data: Buffer, signature: Buffer, authority: Buffer): boolean {
  const key = publicKeyOf(authority);
  const reader = new WireReader(signature);
  const algorithm = reader.text();
  const raw = reader.string();
  if (!key) return false;
  if (algorithm === 'ssh-ed25519') return key.asymmetricKeyType === 'ed25519' && verify(null, data, key, raw);
  const hash = HASHES[algorithm];
  if (!hash) return false;
  if (key.asymmetricKeyType === 'rsa') return verify(hash, data, key, raw);
  return verify(hash, data, { key, dsaEncoding: 'ieee-p1363' }, fixedLength(raw, algorithm));
}

function publicKeyOf(blob: Buffer): KeyObject | undefined {
  const type = new WireReader(blob).text();
  const parsed = ssh2.utils.parseKey(`${type} ${blob.toString('base64')}`);
  return parsed instanceof Error ? undefined : createPublicKey(parsed.getPublicPEM());
}

/** SSH writes r and s as numbers of any length; Node wants each as long as the curve. */
function fixedLength(raw: Buffer, algorithm: string): Buffer {
  const bytes = Math.ceil(Number(algorithm.slice(-3)) / 8);
  const reader = new WireReader(raw);
  const number = () => Buffer.concat([Buffer.alloc(bytes), reader.string()]).subarray(-bytes);
  return Buffer.concat([number(), number()]);
}
