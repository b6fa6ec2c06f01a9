import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { addAbortSignal, type Duplex } from 'node:stream';
import { TimeLimit } from '../shared/time-limit.ts';
import { CONNECT_TIMEOUT_MS } from './open-stream.ts';
import { WireReader, withLength } from './wire.ts';

const [KEXINIT, ECDH_INIT, ECDH_REPLY] = [20, 30, 31];
const CERTIFIED = ['ssh-ed25519', 'ecdsa-sha2-nistp256', 'ecdsa-sha2-nistp384', 'ecdsa-sha2-nistp521'].map(
  (type) => `${type}-cert-v01@openssh.com`,
);
const CIPHERS =
  'aes128-ctr,aes256-ctr,aes128-gcm@openssh.com,aes256-gcm@openssh.com,chacha20-poly1305@openssh.com';
const MACS = 'hmac-sha2-256-etm@openssh.com,hmac-sha2-512-etm@openssh.com,hmac-sha2-256,hmac-sha2-512';
/** What both sides may agree on, in the order of RFC 4253 §7.1. */
const OFFER = [
  'curve25519-sha256,curve25519-sha256@libssh.org',
  [...CERTIFIED, 'rsa-sha2-512-cert-v01@openssh.com', 'rsa-sha2-256-cert-v01@openssh.com'].join(),
  CIPHERS,
  CIPHERS,
  MACS,
  MACS,
  'none',
  'none',
  '',
  '',
];
/** More than any server says before its certificate. */
const MAX_BYTES = 256 * 1024;

/**
 * The certificate that an SSH server shows, which ssh2 never asks for: the first steps of a connection of its own,
 * up to the server's reply to the key exchange (RFC 4253 §8, RFC 5656 §4). Nothing of it is trusted for having
 * been read here: the certificate is signed, and ssh2 then makes the server prove that it has the key.
 * undefined when the server has none.
 */
export async function readHostCertificate(stream: Duplex): Promise<Buffer | undefined> {
  const { publicKey } = generateKeyPairSync('x25519');
  const ours = publicKey.export({ type: 'spki', format: 'der' }).subarray(-32);
  const names = OFFER.map((list) => withLength(Buffer.from(list)));
  stream.write('SSH-2.0-waggle\r\n');
  stream.write(packet(Buffer.concat([Buffer.from([KEXINIT]), randomBytes(16), ...names, Buffer.alloc(5)])));
  stream.write(packet(Buffer.concat([Buffer.from([ECDH_INIT]), withLength(ours)])));
  using limit = new TimeLimit(CONNECT_TIMEOUT_MS);
  addAbortSignal(limit.signal, stream);
  let seen = Buffer.alloc(0);
  try {
    for await (const chunk of stream) {
      seen = Buffer.concat([seen, chunk as Buffer]);
      const reply = replyIn(seen);
      if (reply) return new WireReader(reply).string();
      if (seen.length > MAX_BYTES) return undefined;
    }
    return undefined;
  } finally {
    stream.destroy();
  }
}

/** RFC 4253 §6: length, length of padding, payload, padding; a multiple of eight bytes in all. */
function packet(payload: Buffer): Buffer {
  const padding = 4 + ((8 - ((payload.length + 9) % 8)) % 8);
  return withLength(Buffer.concat([Buffer.from([padding]), payload, randomBytes(padding)]));
}

/** The payload of the server's reply, once it is there in full. */
function replyIn(seen: Buffer): Buffer | undefined {
  const banner = /^(?:(?!SSH-)[^\n]*\n)*SSH-[^\n]*\n/.exec(seen.toString('latin1'))?.[0];
  if (banner === undefined) return undefined;
  for (let at = banner.length; at + 5 <= seen.length; ) {
    const end = at + 4 + seen.readUInt32BE(at);
    if (end > seen.length) return undefined;
    const payload = seen.subarray(at + 5, end - (seen[at + 4] ?? 0));
    if (payload[0] === ECDH_REPLY) return payload.subarray(1);
    at = end;
  }
  return undefined;
}
