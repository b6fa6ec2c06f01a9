import { expect, test } from 'vitest';
import { describeAge } from '../../src/shared/age.ts';

const now = Date.parse('2026-11-22T12:00:00Z');

test.each([
  ['2026-11-22T11:59:18.123456789Z', '41 s'],
  ['2026-11-22T11:59:00Z', '1 min'],
  ['2026-11-22T11:00:00Z', '1 h'],
  ['2026-11-20T11:00:00Z', '2 d'],
  ['2026-11-22T12:00:05Z', '0 s'],
  ['', ''],
])('%s is %s ago', (since, said) => {
  expect(describeAge(since, now)).toBe(said);
});
