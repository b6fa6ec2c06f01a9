import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import type { Secret } from './secret.ts';

/**
 * A fingerprint of a secret's content that may stand in a label, where everybody who may list secrets reads it:
 * `scrypt$<salt>$<hash>`. A salt of its own for each version and a slow hash make guessing a weak password cost
 * some 10 ms a guess, and a stack of a hundred secrets a second; a key for an HMAC would have to be kept, shared and
 * rotated by every operator and CI job.
 */
const SALT_BYTES = 16;
const HASH_BYTES = 32;
const COST = { N: 2 ** 12, r: 8, p: 1 };

const hash = promisify<Buffer, Buffer, number, typeof COST, Buffer>(scrypt);

/** `context` is what else makes the version: its labels, its template driver. */
export async function makeDigest(value: Secret, context: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  const hashed = await hash(material(value, context), salt, HASH_BYTES, COST);
  return ['scrypt', salt.toString('base64url'), hashed.toString('base64url')].join('$');
}

/** False as well for a fingerprint that cannot be read: the content is then treated as another. */
export async function fitsDigest(digest: string, value: Secret, context: string): Promise<boolean> {
  const [kind, salt = '', expected = ''] = digest.split('$');
  const known = Buffer.from(expected, 'base64url');
  if (kind !== 'scrypt' || known.length !== HASH_BYTES) return false;
  const hashed = await hash(material(value, context), Buffer.from(salt, 'base64url'), HASH_BYTES, COST);
  return timingSafeEqual(hashed, known);
}

function material(value: Secret, context: string): Buffer {
  return Buffer.concat([Buffer.from(`${context.length}:${context}`), value.reveal()]);
}
