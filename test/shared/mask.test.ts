import { expect, test } from 'vitest';
import { Secrecy } from '../../src/shared/mask.ts';
import { Secret } from '../../src/shared/secret.ts';
import { maskOf } from '../fakes/mask.ts';

const base64 = (text: string) => Buffer.from(text).toString('base64');

test.each<[string, string, string]>([
  ['hunter2', 'x hunter2 y-hunter2z', 'x [secret] y-[secret]z'],
  ['-----BEGIN\nline-two\n', 'line-two, -----BEGIN', '[secret], [secret]'],
  ['hunter2', `${base64('hunter2')} ${base64('hunter2\n')}`, '[secret] [secret]'],
  ['p&w "q"/ü', encodeURIComponent('p&w "q"/ü'), '[secret]'],
  ['p&w "q"/ü', JSON.stringify({ a: 'p&w "q"/ü' }), '{"a":"[secret]"}'],
  ['p&w "q"/ü', '<p>p&amp;w &quot;q&quot;/ü</p>', '<p>[secret]</p>'],
  ['ab', 'ab', 'ab'],
  [
    'k7Qx',
    'k7Qx k7Qxy ak7Qx "k7Qx" --pin=k7Qx, k7Qx.',
    '[secret] k7Qxy ak7Qx "[secret]" --pin=[secret], [secret].',
  ],
  ['4711', 'port 47110, 4711', 'port 47110, [secret]'],
  [
    'k7Qx',
    'redis://:k7Qx@cache:6379 https://ops:k7Qx@h',
    'redis://:[secret]@cache:6379 https://ops:[secret]@h',
  ],
  [
    'postgres',
    'image: postgres:16, library/postgres, postgres.js, postgres',
    'image: postgres:16, library/postgres, postgres.js, [secret]',
  ],
  ['secret', 'a secret', 'a [secret]'],
])('of the secret %j %j becomes %j', (value, text, expected) => {
  expect(maskOf(value)(text)).toBe(expected);
});

const LONG_SECRET = 'a-Secret-of-many-Letters-77-'.repeat(4);

test.each(['', 'u', 'u:', 'user:'])('base64 of a secret behind %j shows nothing of it', (before) => {
  const shown = maskOf(LONG_SECRET)(base64(`${before}${LONG_SECRET} and more`));
  const hidden = LONG_SECRET.slice(3, -3);
  for (let at = 0; at < hidden.length - 12; at++)
    expect(Buffer.from(shown, 'base64').toString()).not.toContain(hidden.slice(at, at + 12));
  expect(shown).toContain('[secret]');
});

test.each([76, 64])('base64 that is broken at %i columns shows nothing of the secret', (columns) => {
  const lines = base64(`${LONG_SECRET}\n`).match(new RegExp(`.{1,${columns}}`, 'g')) ?? [];
  expect(lines.length).toBeGreaterThan(1);
  expect(maskOf(LONG_SECRET)(lines.join('\n'))).toBe(lines.map(() => '[secret]').join('\n'));
});

test('the longest of several goes first', () => {
  expect(maskOf('hunter2', 'hunter2-long')('hunter2-long hunter2')).toBe('[secret] [secret]');
});

const outputs = (value: string, isTelling: boolean, names: readonly string[] = []) => {
  const secrecy = new Secrecy();
  secrecy.learn([{ value: new Secret(value), isTelling }], new Set(names));
  return secrecy.mask(value) !== value;
};

test.each([
  'info',
  'production',
  'false',
  '8080',
  'shop.example.org',
  'https://shop.example.org',
  '/data/uploads',
  'Europe/Berlin',
  'redis:6379',
])('%s of prod.env reads like an ordinary word: it is hidden only under the name of a secret', (value) => {
  expect(outputs(value, false)).toBe(false);
  expect(outputs(value, true)).toBe(true);
  expect(outputs(value, true, [value])).toBe(false);
});

test.each([
  'hunter2',
  '48213907',
  'admin:$apr1$x',
  'https://h/hook/T000B',
  'correct horse 1',
  'jdbc:x://h?password=y',
])('%s of prod.env is hidden, unless it is a name of the stack', (value) => {
  expect(outputs(value, false)).toBe(true);
  expect(outputs(value, true, [value])).toBe(true);
  expect(outputs(value, false, [value])).toBe(false);
});

test('JSON stays JSON, whatever is masked in it', () => {
  const secrecy = new Secrecy();
  secrecy.learn([{ value: new Secret('482139'), isTelling: true }]);
  expect(JSON.parse(secrecy.render({ version: 482139, said: ['pin 482139'] }))).toEqual({
    version: 482139,
    said: ['pin [secret]'],
  });
});
