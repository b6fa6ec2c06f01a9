import { expect, test } from 'vitest';
import { mergeStacks } from '../../src/config/merge-stack.ts';
import { parseStack } from '../../src/config/parse-stack.ts';

const lookup = (name: string) => ({ N: '3', TEXT: 'a: b # "c"\n$d' })[name];
const parse = (text: string) => parseStack('stack.yml', text, lookup);

function merge(base: string, over: string): unknown {
  const [a, b] = [parse(base), parse(over)];
  expect([...a.problems, ...b.problems]).toEqual([]);
  return mergeStacks(a.document, b.document, b.marks);
}

test('reads as Docker does: YAML 1.1 without times', () => {
  const { document } = parse('mode: 0440\nyes: yes\nport: 22:22\nday: 2026-01-02\nbuild: .\nhalf: .5\n');
  expect(document).toEqual({
    mode: 0o440,
    yes: true,
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

test.each([
  ['maps merge deeply', 'a: {b: 1, c: 2}', 'a: {c: 3}', { a: { b: 1, c: 3 } }],
  ['lists join', 'caps: [A]', 'caps: [B]', { caps: ['A', 'B'] }],
  ['commands are replaced', 'command: [a, b]', 'command: [c]', { command: ['c'] }],
  [
    'ports by published port',
    'ports: ["80:8000", "81:81"]',
    'ports: ["80:9000"]',
    { ports: ['80:9000', '81:81'] },
  ],
  ['mounts by target', 'volumes: ["a:/x", "b:/y"]', 'volumes: ["c:/x"]', { volumes: ['c:/x', 'b:/y'] }],
  [
    'secrets by source',
    'secrets: [s, t]',
    'secrets: [{source: s, mode: 256}]',
    { secrets: [{ source: 's', mode: 256 }, 't'] },
  ],
  ['!override replaces', 'ports: ["80:80"]', 'ports: !override ["1:1"]', { ports: ['1:1'] }],
  ['!reset removes', 'a: {b: 1, c: 2}', 'a: {b: !reset null}', { a: { c: 2 } }],
])('merging: %s', (_what, base, over, expected) => {
  expect(merge(base, over)).toEqual(expected);
});
