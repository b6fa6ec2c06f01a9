import fc from 'fast-check';
import { expect, test } from 'vitest';
import { interpolate } from '../../src/config/interpolate.ts';

const VALUES: Record<string, string> = { SET: 'value', EMPTY: '', OTHER: 'o' };
const run = (text: string) => interpolate(text, (name) => VALUES[name]);

test.each([
  ['plain', 'plain'],
  ['$SET', 'value'],
  ['a$SET-b', 'avalue-b'],
  ['${SET}', 'value'],
  ['$$SET', '$SET'],
  ['$${SET}', '${SET}'],
  ['${SET:-d}', 'value'],
  ['${EMPTY:-d}', 'd'],
  ['${EMPTY-d}', ''],
  ['${NO:-d}', 'd'],
  ['${NO-d}', 'd'],
  ['${NO:-}', ''],
  ['${NO:-${SET}}', 'value'],
  ['${NO:-${EMPTY:-x${OTHER}}}', 'xo'],
  ['${SET:+yes}', 'yes'],
  ['${EMPTY:+yes}', ''],
  ['${EMPTY+yes}', 'yes'],
  ['${NO+yes}', ''],
  ['${SET:?needed}', 'value'],
  ['${EMPTY?needed}', ''],
  ['${NO:-a:b}', 'a:b'],
  ['${NO:-$2y$05$oZc.Z/h}', '$2y$05$oZc.Z/h'],
  ['${SET:-$2y$05$oZc}', 'value'],
  ['${NO:-$$2y$$05}', '$2y$05'],
])('%s becomes %s', (text, expected) => {
  expect(run(text)).toEqual({ text: expected, problems: [] });
});

test.each([
  ['$NO', 0, 'NO is not set'],
  ['ab${NO}', 2, 'NO is not set'],
  ['${SET} ${NO:?give one}', 7, 'NO is required: give one'],
  ['${EMPTY:?}', 0, 'EMPTY is required'],
  ['${SET', 0, 'not a variable'],
  ['${}', 0, 'not a variable'],
  ['${SET!x}', 0, 'not a variable'],
  ['cost: 5$', 7, 'a lone $'],
  ['${NO:-${ALSO_NO}}', 6, 'ALSO_NO is not set'],
])('%s is a problem at character %i', (text, offset, message) => {
  const { problems } = run(text);
  expect(problems).toHaveLength(1);
  expect(problems[0]).toMatchObject({ offset, message: expect.stringContaining(message) });
});

test('any text survives when its dollars are doubled', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(run(text.replaceAll('$', '$$$$'))).toEqual({ text, problems: [] });
    }),
  );
});

test('a value is never substituted again', () => {
  fc.assert(
    fc.property(fc.string(), (value) => {
      expect(interpolate('${X}', () => value).text).toBe(value);
    }),
  );
});
