import { expect, test } from 'vitest';
import { parseStack } from '../../src/config/parse-stack.ts';

const lookup = (name: string) => ({ N: '3', TEXT: 'a: b # "c"\n$d' })[name];
const parse = (text: string) => parseStack('stack.yml', text, lookup);

test('reads as Docker does', () => {
  const { document } = parse('mode: 0440\nyes: yes\nport: 22:22\nday: 2026-01-02\nbuild: .\nhalf: .5\n');
  expect(document).toEqual({
    mode: 0o440,
    yes: 'yes',
    port: '22:22',
    day: '2026-01-02',
    build: '.',
    half: 0.5,
  });
});

test('anchors and merge keys', () => {
  const { document } = parse('x: &x {a: 1, b: $N}\ny: {<<: *x, a: 2}\n');
  expect(document).toMatchObject({ y: { a: 2, b: '3' } });
});

test('a value with anything in it stays one value', () => {
  expect(parse('a: ${TEXT}\n').document).toEqual({ a: 'a: b # "c"\n$d' });
});

test('every problem with its line and column', () => {
  const { problems } = parse('a: ${NO}\nb:\n  - "x${ALSO}"\nc: !odd 1\n');
  expect(problems.map(({ line, column }) => [line, column])).toEqual([
    [1, 4],
    [3, 7],
    [4, 9],
  ]);
  expect(parse('a: [1\nb: 2').problems[0]).toMatchObject({ file: 'stack.yml', line: 2 });
  expect(parse('- a').problems).toHaveLength(1);
  expect(parse('').problems).toEqual([]);
});
