import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import { algorithmsOf, fingerprintOf, parseKnownHosts, refusedHostKey } from '../../src/ssh/host-key.ts';

const KEY = 'AAAAC3NzaC1lZDI1NTE5AAAAIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA';
const host = { name: 'm1.example.net', port: 22 };
const other = { name: 'm1.example.net', port: 2222 };
const hashed = (name: string) => {
  const salt = Buffer.from('0123456789abcdefghij');
  return `|1|${salt.toString('base64')}|${createHmac('sha1', salt).update(name).digest('base64')}`;
};

test.each([
  ['plain', `m1.example.net ssh-ed25519 ${KEY}`, host, 1],
  ['one of several names', `x,m1.example.net ssh-ed25519 ${KEY} comment`, host, 1],
  ['with a port', `[m1.example.net]:2222 ssh-ed25519 ${KEY}`, other, 1],
  ['hashed', `${hashed('m1.example.net')} ssh-ed25519 ${KEY}`, host, 1],
  ['hashed with a port', `${hashed('[m1.example.net]:2222')} ssh-ed25519 ${KEY}`, other, 1],
  ['another port', `m1.example.net ssh-ed25519 ${KEY}`, other, 0],
  ['another host', `m2.example.net ssh-ed25519 ${KEY}`, host, 0],
  ['hashed, another host', `${hashed('m2')} ssh-ed25519 ${KEY}`, host, 0],
  ['a comment', `# m1.example.net ssh-ed25519 ${KEY}`, host, 0],
  ['a revoked key', `@revoked m1.example.net ssh-ed25519 ${KEY}`, host, 0],
  ['nonsense', '|1|x\nm1.example.net\n\n', host, 0],
])('%s', (_what, text, wanted, count) => {
  const keys = parseKnownHosts(text, wanted);
  expect(keys).toHaveLength(count);
  for (const key of keys) expect(key).toEqual(Buffer.from(KEY, 'base64'));
});

test('a host is asked for the kinds of key that are known', () => {
  const kind = (type: string) =>
    Buffer.concat([Buffer.from([0, 0, 0, type.length]), Buffer.from(`${type}...`)]);
  expect(algorithmsOf([kind('ssh-rsa'), kind('ssh-ed25519'), kind('ssh-ed25519'), kind('odd')])).toEqual([
    'rsa-sha2-512',
    'rsa-sha2-256',
    'ssh-ed25519',
  ]);
});

test('a refusal shows fingerprints and what to do', () => {
  const shown = Buffer.from(KEY, 'base64');
  expect(refusedHostKey(host, shown, []).hint).toContain('ssh-keyscan -p 22 m1.example.net');
  const changed = refusedHostKey(host, shown, [Buffer.from('other')]);
  expect(changed.message).toContain(fingerprintOf(shown));
  expect(changed.details[0]).toContain(fingerprintOf(Buffer.from('other')));
});
