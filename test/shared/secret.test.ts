import { format, inspect } from 'node:util';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { createMask } from '../../src/shared/mask.ts';
import { Secret } from '../../src/shared/secret.ts';

test('a secret cannot be printed', () => {
  const secret = new Secret('hunter2');
  const logged: string[] = [];
  pino({}, { write: (line: string) => logged.push(line) }).info({ secret }, `${secret}`);
  const printed = [
    `${secret}`,
    JSON.stringify({ secret }),
    inspect({ secret }, { depth: 9 }),
    format('%s %o', secret, secret),
    logged,
  ];
  expect(printed.join()).not.toContain('hunter2');
  expect(secret.revealText()).toBe('hunter2');
});

test('a mask hides values, their lines and their base64', () => {
  const mask = createMask([new Secret('hunter2'), new Secret('-----BEGIN\nline-two\n'), new Secret('ab')]);
  expect(mask('x hunter2 y line-two ab')).toBe('x [secret] y [secret] ab');
  expect(mask(Buffer.from('hunter2').toString('base64'))).toBe('[secret]');
});
