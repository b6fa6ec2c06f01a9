import { execFileSync } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseKnownHosts } from '../../src/ssh/known-hosts.ts';

const KEY = 'AAAAC3NzaC1lZDI1NTE5AAAAIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA';
const host = 'm1.example.net';
const other = '[m1.example.net]:2222';
const hashed = (name: string) => {
  const salt = Buffer.from('0123456789abcdefghij');
  return `|1|${salt.toString('base64')}|${createHmac('sha1', salt).update(name).digest('base64')}`;
};

test.each([
  ['plain', `m1.example.net ssh-ed25519 ${KEY}`, host, 1],
  ['one of several names', `x,m1.example.net ssh-ed25519 ${KEY} comment`, host, 1],
  ['in other letters', `M1.Example.net ssh-ed25519 ${KEY}`, host, 1],
  ['a pattern', `*.example.n?t ssh-ed25519 ${KEY}`, host, 1],
  ['a dot is a dot', `m1xexample.net ssh-ed25519 ${KEY}`, host, 0],
  ['all but this', `*.example.net,!m1.* ssh-ed25519 ${KEY}`, host, 0],
  ['nothing but negated', `!m2.* ssh-ed25519 ${KEY}`, host, 0],
  ['with a port', `[m1.example.net]:2222 ssh-ed25519 ${KEY}`, other, 1],
  ['hashed', `${hashed('m1.example.net')} ssh-ed25519 ${KEY}`, host, 1],
  ['hashed with a port', `${hashed('[m1.example.net]:2222')} ssh-ed25519 ${KEY}`, other, 1],
  ['another port', `m1.example.net ssh-ed25519 ${KEY}`, other, 0],
  ['another host', `m2.example.net ssh-ed25519 ${KEY}`, host, 0],
  ['hashed, another host', `${hashed('m2')} ssh-ed25519 ${KEY}`, host, 0],
  ['a comment', `# m1.example.net ssh-ed25519 ${KEY}`, host, 0],
  ['CRLF', `m1.example.net ssh-ed25519 ${KEY}\r\n`, host, 1],
  ['a key that is cut short', 'm1.example.net ssh-ed25519 AAAA', host, 0],
  ['a key that is cut short in the middle', `m1.example.net ssh-ed25519 ${KEY.slice(0, 40)}`, host, 0],
  ['another key in the comment', `m1.example.net ssh-ed25519 AAAA ssh-ed25519 ${KEY}`, host, 0],
  ['the bits of an old format', `m1.example.net 2048 ssh-ed25519 ${KEY}`, host, 0],
  ['another type than the key has', `m1.example.net ssh-rsa ${KEY}`, host, 0],
  [
    'a line that is cut short above',
    `m1.example.net ssh-ed25519 AAAAC3Nz\nm1.example.net ssh-ed25519 ${KEY}`,
    host,
    1,
  ],
  ['nonsense', '|1|x\nm1.example.net\n\n@\n@revoked\n', host, 0],
])('%s', (_what, text, wanted, count) => {
  const { keys } = parseKnownHosts(text, wanted);
  expect(keys).toHaveLength(count);
  for (const key of keys) expect(key).toEqual(Buffer.from(KEY, 'base64'));
});

test('a marked key is never a plain one', () => {
  const text = `@revoked m1.example.net ssh-ed25519 ${KEY}\n@cert-authority *.example.net ssh-ed25519 ${KEY}\n`;
  const key = Buffer.from(KEY, 'base64');
  expect(parseKnownHosts(text, host)).toEqual({ keys: [], authorities: [key], revoked: [key] });
  expect(parseKnownHosts(text, 'elsewhere')).toEqual({ keys: [], authorities: [], revoked: [] });
});

const names = fc.constantFrom(
  'm1.example.net',
  'M1.EXAMPLE.NET',
  '*.example.net',
  'm?.example.net',
  '!m1.example.net',
  'xm1.example.net',
  'm1.example.netx',
  '[m1.example.net]:2222',
  '*',
  hashed('m1.example.net'),
  hashed('m2.example.net'),
);
const line = fc
  .record({
    marker: fc.constantFrom('', '', '', '', '@cert-authority ', '@revoked ', '@other '),
    names: fc.array(names, { minLength: 1, maxLength: 3 }),
    type: fc.constantFrom('ssh-ed25519', 'ssh-ed25519', 'ssh-rsa', '2048'),
    key: fc.constantFrom(KEY, KEY, KEY.slice(0, 40), 'AAAA', `x ${KEY}`, `${KEY} comment`),
    blank: fc.constantFrom(' ', '\t', '  '),
  })
  .map(
    ({ marker, names: all, type, key, blank }) => `${marker}${all.join(',')}${blank}${type}${blank}${key}`,
  );

test('OpenSSH finds the same plain keys in generated files', () => {
  const folder = mkdtempSync(join(tmpdir(), 'known-hosts-'));
  const file = join(folder, 'known_hosts');
  fc.assert(
    fc.property(fc.array(line, { minLength: 1, maxLength: 3 }), (lines) => {
      writeFileSync(file, `${lines.join('\n')}\n`);
      const found = findByOpenSsh(file);
      expect(parseKnownHosts(lines.join('\n'), host).keys.length).toBe(found.length);
    }),
    { numRuns: 60 },
  );
  rmSync(folder, { recursive: true });
});

/** `ssh-keygen -F` also prints lines whose key OpenSSH then refuses, so each is read by `ssh-keygen -l`, too. */
function findByOpenSsh(file: string): readonly string[] {
  const run = (argv: readonly string[], input?: string) => {
    try {
      return execFileSync('ssh-keygen', argv, { encoding: 'utf8', stdio: 'pipe', ...(input && { input }) });
    } catch {
      return '';
    }
  };
  const lines = run(['-F', host, '-f', file]).split('\n');
  const isKey = (one: string) => run(['-l', '-f', '-'], `${one.split(/\s+/).slice(1).join(' ')}\n`) !== '';
  return lines.filter((one) => /^[^#@]/.test(one) && isKey(one));
}
