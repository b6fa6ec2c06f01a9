import { expect, test } from 'vitest';
import { parseStack } from '../../src/config/parse-stack.ts';

const positions = (file: string, text: string) => parseStack(file, text, () => undefined).positions;
const place = ({ file, line, column }: { file: string; line: number; column: number }) =>
  `${file}:${line}:${column}`;

test('a setting is where its name stands, an entry of a list where it stands itself', () => {
  const one = positions('a', 'x:\n  y: 1\n  list: [a,\n    {b: c}]\n');
  expect(place(one.locate(['x', 'y']))).toBe('a:2:3');
  expect(place(one.locate(['x', 'list', 0]))).toBe('a:3:10');
  expect(place(one.locate(['x', 'list', 1, 'b']))).toBe('a:4:6');
  expect(place(one.locate(['x', 'y', 'none', 'such']))).toBe('a:2:3');
});

test('what came by an alias is where it was used', () => {
  const one = positions('a', 'x: &x {y: 1}\nz: *x\n');
  expect(place(one.locate(['z', 'y']))).toBe('a:2:1');
});

test('of two files the later one tells, and entries of a list from both are where the list is', () => {
  const both = positions('a', 'x: 1\nlist: [a]\nother: [a]\n').under(positions('b', '\nx: 2\nlist: [b]\n'));
  expect(place(both.locate(['x']))).toBe('b:2:1');
  expect(place(both.locate(['list', 0]))).toBe('b:3:1');
  expect(place(both.locate(['other', 0]))).toBe('a:3:9');
});

test('how a number or a time was written is kept where it would read otherwise', () => {
  const one = positions('a', 'x: [1.10, 1, 0755, 2026-01-02, "1.10"]\n');
  expect([0, 1, 2, 3, 4].map((at) => one.spelling(['x', at]))).toEqual([
    '1.10',
    undefined,
    '0755',
    '2026-01-02',
    undefined,
  ]);
});
