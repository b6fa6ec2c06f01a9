import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { Secret } from '../../src/shared/secret.ts';
import type { Endpoint } from '../../src/ssh/endpoint.ts';
import { readIdentities } from '../../src/ssh/identities.ts';

const folder = mkdtempSync(join(tmpdir(), 'waggle-key-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** A key as ssh-keygen writes it. */
function keygen(name: string, ...argv: readonly string[]): string {
  execFileSync('ssh-keygen', ['-q', '-f', join(folder, name), ...argv]);
  return readFileSync(join(folder, name), 'utf8');
}
const OPEN = keygen('open', '-t', 'ed25519', '-N', '');
const LOCKED = keygen('locked', '-t', 'ed25519', '-N', 'hunter2');
const PEM = keygen('pem', '-t', 'ecdsa', '-m', 'PEM', '-N', '');
const LOCKED_PEM = keygen('locked-pem', '-t', 'ecdsa', '-m', 'PEM', '-N', 'hunter2');
const PKCS8 = keygen('pkcs8', '-t', 'ecdsa', '-m', 'PKCS8', '-N', '');

const WHOLE = 'put in all of the private key';
const PASSPHRASE = 'DEPLOY_SSH_KEY_PASSPHRASE';
const rows: readonly (readonly [string, string, string, string])[] = [
  ['an empty file', '', 'it is empty', WHOLE],
  ['a blank one', ' \n', 'it is empty', WHOLE],
  ['spaces for line breaks', OPEN.replaceAll('\n', ' '), 'its line breaks are lost', WHOLE],
  ['nothing for line breaks', OPEN.replaceAll('\n', ''), 'its line breaks are lost', WHOLE],
  ['\\n for line breaks', OPEN.replaceAll('\n', '\\n'), 'its line breaks are lost', WHOLE],
  ['a flattened PEM key', PEM.replaceAll('\n', ' '), 'its line breaks are lost', WHOLE],
  ['a part of a key', OPEN.slice(0, 200), 'it is cut short', WHOLE],
  ['the public key', readFileSync(join(folder, 'open.pub'), 'utf8'), 'it is a public key', 'next to it'],
  ['base64 of a key', Buffer.from(OPEN).toString('base64'), 'it is in base64', 'base64 -d'],
  ['PKCS#8', PKCS8, 'it is in the PKCS#8 format', 'ssh-keygen -p -f'],
  ['a note', 'see the vault', 'it holds no private key', WHOLE],
  ['a locked key', LOCKED, 'it has a passphrase', PASSPHRASE],
  ['a locked PEM key', LOCKED_PEM, 'it has a passphrase', PASSPHRASE],
];
const nobody = async () => undefined;
const ENDPOINT = { identityFiles: [], agent: undefined } as unknown as Endpoint;

test.each(rows)('%s is no key that can be used, and says so', async (_what, text, problem, hint) => {
  const path = join(folder, 'named');
  writeFileSync(path, text);
  const named = [{ path }, ...(text.trim() === '' ? [] : [{ text: new Secret(text) }])];
  for (const key of named) {
    const error = await readIdentities(ENDPOINT, key, nobody).catch((thrown) => thrown);
    expect(error).toMatchObject({ code: 'CONFIG_INVALID', hint: expect.stringContaining(hint) });
    expect(error.message).toContain(problem);
    if (text.length > 20) expect(error.message + error.hint).not.toContain(text.slice(40, 60));
  }
});

test.each([
  ['OpenSSH', OPEN, undefined],
  ["OpenSSH with Windows' line ends", OPEN.replaceAll('\n', '\r\n'), undefined],
  ['PEM', PEM, undefined],
  ['locked OpenSSH', LOCKED, 'hunter2'],
  ['locked PEM', LOCKED_PEM, 'hunter2'],
])('%s is one', async (_what, text, passphrase) => {
  const identities = await readIdentities(ENDPOINT, { text: new Secret(text) }, async () => passphrase);
  expect(await identities[0]?.method('me')).toMatchObject({ type: 'publickey' });
});

test('a wrong passphrase is said to be one', async () => {
  const reading = readIdentities(ENDPOINT, { text: new Secret(LOCKED) }, async () => 'hunter3');
  await expect(reading).rejects.toThrow('its passphrase is another one');
});

test('nobody is asked for the passphrase of a default file that is no key', async () => {
  const path = join(folder, 'id_broken');
  writeFileSync(path, '');
  const [identity] = await readIdentities({ ...ENDPOINT, identityFiles: [path] }, undefined, nobody);
  expect(identity).toMatchObject({ label: `${path}: it is empty` });
  expect(identity?.isAsked).toBeUndefined();
});
