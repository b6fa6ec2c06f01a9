import { expect, test } from 'vitest';
import { fitsDigest, makeDigest } from '../../src/shared/digest.ts';
import { Secret } from '../../src/shared/secret.ts';

test('a fingerprint fits its content and nothing else, and never twice the same', async () => {
  const secret = new Secret('hunter2');
  const [one, two] = await Promise.all([makeDigest(secret, 'x'), makeDigest(secret, 'x')]);
  expect(one).not.toBe(two);
  expect(one).not.toContain('hunter2');
  expect(await fitsDigest(one, secret, 'x')).toBe(true);
  expect(await fitsDigest(one, new Secret('hunter3'), 'x')).toBe(false);
  expect(await fitsDigest(one, secret, 'y')).toBe(false);
});

test.each(['', 'scrypt$$', 'sha256$a$b', 'scrypt$AAAA$AAAA'])('%s fits nothing', async (digest) => {
  expect(await fitsDigest(digest, new Secret('x'), '')).toBe(false);
});
