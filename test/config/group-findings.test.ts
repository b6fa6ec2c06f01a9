import { expect, test } from 'vitest';
import { groupFindings, renderGroup } from '../../src/config/group-findings.ts';
import type { Finding } from '../../src/config/problem.ts';

const found = (rule: string, subject?: string, change: Partial<Finding> = {}): Finding => ({
  ...{ rule, file: 'deploy/stack.yml', line: 3, level: 'warning', message: `services.${subject} is wrong` },
  summary: ['has no health check', 'have no health check'],
  ...(subject && { subject }),
  ...change,
});
const of = (...names: readonly string[]) => names.map((name) => found('x', name));
const lines = (...findings: readonly Finding[]) => groupFindings(findings).map(renderGroup);

test.each([
  ['one finding shows its place', of('api'), 'x: deploy/stack.yml:3: services.api is wrong'],
  ['two are named', of('api', 'worker'), 'x: api and worker have no health check'],
  ['three are named', of('a', 'b', 'c'), 'x: a, b and c have no health check'],
  ['more are a number', of('a', 'b', 'c', 'd', 'e'), 'x: a, b and 3 more have no health check'],
  ['a subject is named once', of('a', 'a'), 'x: a has no health check'],
  [
    'without a summary the first stands for all',
    [found('x', 'a', { summary: undefined }), found('x', 'b')],
    'x: deploy/stack.yml:3: services.a is wrong, and at 1 more',
  ],
] as [string, Finding[], string][])('%s', (_what, findings, line) => {
  expect(lines(...findings)).toEqual([line]);
});

test('each rule has one line, in the order of the first findings, and keeps every finding', () => {
  const all = [found('b', 'api'), found('a', 'api'), found('b', 'worker')];
  expect(groupFindings(all).map(({ rule, findings }) => [rule, findings.length])).toEqual([
    ['b', 2],
    ['a', 1],
  ]);
});
