import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import {
  type HostCertificate,
  judgeHostCertificate,
  parseHostCertificate,
} from '../../src/ssh/host-certificate.ts';

const folder = mkdtempSync(join(tmpdir(), 'waggle-certificate-'));
afterAll(() => rmSync(folder, { recursive: true }));
const keygen = (...argv: readonly string[]) => execFileSync('ssh-keygen', ['-q', ...argv], { cwd: folder });
const read = (file: string) =>
  Buffer.from(readFileSync(join(folder, file), 'utf8').split(' ')[1] ?? '', 'base64');

/** A host key of one type, signed by an authority of another, as an administrator would do it. */
function certify(host: readonly string[], authority: readonly string[], ...how: readonly string[]) {
  for (const name of ['ca', 'host'])
    execFileSync('rm', ['-f', name, `${name}.pub`, 'host-cert.pub'], { cwd: folder });
  keygen('-N', '', '-f', 'ca', ...authority);
  keygen('-N', '', '-f', 'host', ...host);
  keygen('-s', 'ca', '-I', 'a host', ...how, 'host.pub');
  return { certificate: read('host-cert.pub'), hostKey: read('host.pub'), authority: read('ca.pub') };
}

const ED25519 = ['-t', 'ed25519'];
const HOST = ['-h', '-n', 'm1.example.net,*.lab', '-V', '+1h'];
const now = Math.floor(Date.now() / 1000);

test.each([
  ['ed25519 by ed25519', ED25519, ED25519],
  ['rsa by rsa', ['-t', 'rsa', '-b', '2048'], ['-t', 'rsa', '-b', '2048']],
  ['ecdsa 256 by ecdsa 384', ['-t', 'ecdsa', '-b', '256'], ['-t', 'ecdsa', '-b', '384']],
  ['ecdsa 521 by ecdsa 521', ['-t', 'ecdsa', '-b', '521'], ['-t', 'ecdsa', '-b', '521']],
])('%s is read and its signature holds; with one bit changed it does not', (_what, host, authority) => {
  const made = certify(host, authority, ...HOST);
  const parsed = parseHostCertificate(made.certificate) as HostCertificate;
  expect(parsed).toMatchObject({ isForHosts: true, principals: ['m1.example.net', '*.lab'], isSigned: true });
  expect(parsed.hostKey).toEqual(made.hostKey);
  expect(parsed.authority).toEqual(made.authority);
  const forged = Buffer.from(made.certificate);
  const at = forged.indexOf('m1.example');
  forged.write('m2', at);
  expect(parseHostCertificate(forged)).toMatchObject({ isSigned: false });
});

test('whom it vouches for, and when', () => {
  const { certificate, authority } = certify(ED25519, ED25519, ...HOST);
  const parsed = parseHostCertificate(certificate) as HostCertificate;
  const judge = (
    change: Partial<HostCertificate>,
    host = 'm1.example.net',
    at = now,
    authorities = [authority],
  ) => judgeHostCertificate({ ...parsed, ...change }, { host, authorities, now: at });
  expect(judge({})).toBeUndefined();
  expect(judge({}, 'bastion.lab')).toBeUndefined();
  expect(judge({}, 'm2.example.net')).toBe('its certificate is for m1.example.net, *.lab');
  expect(judge({ principals: [] })).toContain('for nobody');
  expect(judge({}, undefined, now + 7200)).toContain('expired');
  expect(judge({}, undefined, now - 7200)).toContain('not valid yet');
  expect(judge({}, undefined, undefined, [])).toContain('another authority');
  expect(judge({ isSigned: false })).toContain('signature');
  expect(judge({ isForHosts: false })).toContain('for users');
  expect(judge({ hasCriticalOptions: true })).toContain('conditions');
});

test('what is no certificate, or only a part of one', () => {
  const { certificate, hostKey } = certify(ED25519, ED25519, ...HOST);
  expect(parseHostCertificate(hostKey)).toBeUndefined();
  for (let length = 40; length < certificate.length; length += 7)
    expect(() => parseHostCertificate(certificate.subarray(0, length)), `${length} bytes`).toThrow(
      RangeError,
    );
});
