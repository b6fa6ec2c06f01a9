import { expect, test } from 'vitest';
import { algorithmsOf } from '../../src/ssh/host-key.ts';

test('a host is asked for the kinds of key that are known', () => {
  const kind = (type: string) =>
    Buffer.concat([Buffer.from([0, 0, 0, type.length]), Buffer.from(`${type}...`)]);
  expect(algorithmsOf([kind('ssh-rsa'), kind('ssh-ed25519'), kind('ssh-ed25519'), kind('odd')])).toEqual([
    'rsa-sha2-512',
    'rsa-sha2-256',
    'ssh-ed25519',
  ]);
});
