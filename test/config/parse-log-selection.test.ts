import { expect, test } from 'vitest';
import { parseLogSelection, parsePattern } from '../../src/config/parse-log-selection.ts';

const now = Date.parse('2026-11-22T12:00:00Z');
const wish = (change: { since?: string; tail?: string }) =>
  parseLogSelection({ follow: false, since: undefined, tail: undefined, ...change }, now);
const at = (time: string) => Date.parse(time) / 1000;

test.each([
  [{}, 0, 100],
  [{ tail: '5' }, 0, 5],
  [{ tail: 'all' }, 0, 'all'],
  [{ since: '10m' }, at('2026-11-22T11:50:00Z'), 'all'],
  [{ since: '1h30m', tail: '7' }, at('2026-11-22T10:30:00Z'), 7],
  [{ since: '3d' }, at('2026-11-19T12:00:00Z'), 'all'],
  [{ since: '2026-11-22T04:00:00Z' }, at('2026-11-22T04:00:00Z'), 'all'],
] as const)('%j', (given, since, tail) => {
  expect(wish(given)).toEqual({ follow: false, since, tail });
});

test.each([[{ since: 'noon' }], [{ since: '' }], [{ tail: '-1' }], [{ tail: 'many' }]])(
  '%j is a usage error',
  (given) => {
    expect(() => wish(given)).toThrow(expect.objectContaining({ code: 'USAGE' }));
  },
);

test('a pattern is a regular expression', () => {
  expect(['timeout', 'ok'].filter(parsePattern('time|late'))).toEqual(['timeout']);
  expect(['a', 'b'].filter(parsePattern(undefined))).toEqual(['a', 'b']);
  expect(() => parsePattern('(')).toThrow(expect.objectContaining({ code: 'USAGE' }));
});
