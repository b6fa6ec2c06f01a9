import { expect, test } from 'vitest';
import { countOf } from '../../src/shared/count-of.ts';

test.each([
  [0, '0 warnings'],
  [1, '1 warning'],
  [2, '2 warnings'],
])('%i is told as %s', (count, expected) => {
  expect(countOf(count, 'warning')).toBe(expected);
});
