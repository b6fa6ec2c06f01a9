import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import { parseHealthChecks } from '../../src/config/parse-health.ts';

const plain = { login: undefined, status: undefined, body: [], headers: {} };

test.each([
  ['', []],
  ['https://a.b/health', [{ url: 'https://a.b/health', ...plain }]],
  [
    'http://a:8080/h status=204\n\n  https://b body={{version}} body="two words"  ',
    [
      { url: 'http://a:8080/h', ...plain, status: 204 },
      { url: 'https://b', ...plain, body: ['{{version}}', 'two words'] },
    ],
  ],
  [
    'https://a header.X-Version={{version}} header.content-type=json',
    [{ url: 'https://a', ...plain, headers: { 'x-version': '{{version}}', 'content-type': 'json' } }],
  ],
  ['https://a body=a=b', [{ url: 'https://a', ...plain, body: ['a=b'] }]],
])('%j', (text, expected) => {
  expect(parseHealthChecks(text)).toEqual(expected);
});

test.each([
  ['ftp://a', 'must be an http(s) URL'],
  ['https://', 'must be an http(s) URL'],
  ['a.b/health', 'must be an http(s) URL'],
  ['https://a status=ok', 'may expect'],
  ['https://a status=999', 'may expect'],
  ['https://a well', 'may expect'],
  ['https://a body=', 'may expect'],
])('%s is refused', (text, message) => {
  expect(() => parseHealthChecks(text)).toThrow(message);
});

test.each([
  ['http://ops:hunter2@h/health', 'http://h/health', 'ops:hunter2'],
  ['https://ops:hunter%402@h:8443', 'https://h:8443', 'ops:hunter@2'],
  ['https://hunter2@h/a@b', 'https://h/a@b', 'hunter2:'],
])('the login of %s is kept apart, and not shown', (text, url, login) => {
  const [check] = parseHealthChecks(text);
  expect(check?.url).toBe(url);
  expect(check?.login?.revealText()).toBe(login);
  expect(JSON.stringify(check) + inspect(check)).not.toContain('hunter');
});
