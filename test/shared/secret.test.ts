import { format, inspect } from 'node:util';
import { pino } from 'pino';
import { expect, test } from 'vitest';
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
