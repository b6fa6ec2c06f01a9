import { expect, test } from 'vitest';
import { evaluate, fillIn, holds } from '../lab/github-expression.ts';

/** Of the runner that the lab plays: what it makes of the expressions that the workflows have. */
const NAMES: Record<string, string | boolean> = {
  'inputs.tag': 'v1',
  'inputs.dry_run': false,
  'inputs.skip_build': true,
  'github.ref_type': 'branch',
  'github.ref_name': 'main',
  'github.sha': 'abc',
  'steps.waggle.outputs.exit-code': '9',
};
const scope = { lookup: (name: string) => NAMES[name], hasFailed: false };

test.each([
  ["inputs.none || github.ref_type == 'tag' && github.ref_name || github.sha", 'abc'],
  ["inputs.tag || github.ref_type == 'tag' && github.ref_name || github.sha", 'v1'],
  ["(inputs.dry_run || !inputs.skip_build) && '1' || ''", ''],
  ["(inputs.skip_build || !inputs.dry_run) && '1' || ''", '1'],
  ["vars.STACK_FILES || 'stack.yml:github.yml'", 'stack.yml:github.yml'],
  ["'it''s' != inputs.tag", true],
  ['steps.waggle.outputs.exit-code', '9'],
])('%s', (expression, value) => expect(evaluate(expression, scope)).toBe(value));

test.each([['nope'], ["a.b == ''x"], ['hashFiles(a.b)'], ['(a.b'], ['a.b c.d'], ['a.b ||']])(
  '%s is not guessed at',
  (expression) => expect(() => evaluate(expression, scope)).toThrow(),
);

test.each([
  [undefined, true, false],
  ['always()', true, true],
  ["inputs.tag != ''", true, false],
  ['${{ !inputs.tag }}', false, false],
  ['${{ !failure() && !cancelled() && !inputs.dry_run }}', true, false],
])('if: %s', (condition, isRun, isRunAfterFailure) => {
  expect(holds(condition, scope)).toBe(isRun);
  expect(holds(condition, { ...scope, hasFailed: true })).toBe(isRunAfterFailure);
});

test('texts are filled in', () => {
  expect(fillIn('${{ inputs.tag }}-${{github.sha}}', scope)).toBe('v1-abc');
});
