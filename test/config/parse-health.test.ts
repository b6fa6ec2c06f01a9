import { expect, test } from 'vitest';
import { parseHealthChecks } from '../../src/config/parse-health.ts';

const plain = { status: undefined, body: [], headers: {} };

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
