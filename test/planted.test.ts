import { expect, test } from 'vitest';
import { Planted } from './lab/planted.ts';

const SECRET = 'hunter2 "never" shown';
const planted = new Planted();
planted.add(`-----BEGIN KEY-----\n${SECRET}\nshort`);

test.each([
  ['as it is', `the value is ${SECRET}.`],
  ['in JSON', JSON.stringify({ value: SECRET })],
  ['in a URL', `https://ops:${encodeURIComponent(SECRET)}@m1/`],
  ['in base64', Buffer.from(SECRET).toString('base64')],
  ['in the base64 of a login', Buffer.from(`me:${SECRET}`).toString('base64')],
  ['in the base64 of a longer one', Buffer.from(`user:${SECRET}, and more`).toString('base64')],
  ['in that of another length', Buffer.from(`ab: ${SECRET}`).toString('base64')],
])('a planted secret is found %s', (_how, said) => {
  expect(() => planted.expectNoneIn(said, ['status'])).toThrow('waggle status shows a secret');
});

test.each(['-----BEGIN KEY-----', 'short', 'hunter2', SECRET.toUpperCase()])('%s is none', (said) => {
  expect(() => planted.expectNoneIn(said, ['status'])).not.toThrow();
});

test('what an environment gives as a secret is looked for, too', () => {
  const env = { WAGGLE_SECRET_KEY: 'environment-hunter2', OTHER: 'not-a-secret' };
  expect(() => planted.expectNoneIn('environment-hunter2', ['plan'], env)).toThrow('shows a secret');
  expect(() => planted.expectNoneIn('not-a-secret', ['plan'], env)).not.toThrow();
});
