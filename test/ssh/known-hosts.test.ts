import { createHmac } from 'node:crypto';
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
