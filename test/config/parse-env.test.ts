import { parse } from 'dotenv';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseEnv } from '../../src/config/parse-env.ts';

test('values, with the line of each, through a BOM, CRLF, comments, export and several lines', () => {
  const text = '\uFEFFA=1\r\n# note\r\nexport B="two\r\nlines"\r\nC=\'#3\' # comment\r\n';
  const { values, lines, problems } = parseEnv('x.env', text);
  expect(values).toEqual({ A: '1', B: 'two\nlines', C: '#3' });
  expect(lines).toEqual({ A: 1, B: 3, C: 5 });
  expect(problems).toEqual([]);
});

test.each([
  ['A=b c ', 'b c'],
  ['A= b', 'b'],
  ['A=\'it is "so" $5 \\n\'', 'it is "so" $5 \\n'],
  ['A="tab\\tnew\\nline \\"quoted\\" back\\\\slash \\$5"', 'tab\tnew\nline "quoted" back\\slash $5'],
  ["A='Let\\'s go'", "Let's go"],
  ["A='C:\\\\dir\\\\'", 'C:\\\\dir\\\\'],
  ['A="\\d stays"', '\\d stays'],
  ['A="\\a\\b\\f\\v\\c"', '\x07\b\f\v\\c'],
  ['A="\\\\0 \\\\"', '\\0 \\'],
  ['A=x # two', 'x'],
  ['A=`it\'s "so" # $5`', 'it\'s "so" # $5'],
  ['A=', ''],
  ['A=""', ''],
  ['A=x # comment', 'x'],
  ['A=a=b=c', 'a=b=c'],
  ['export A=x', 'x'],
])('%s', (text, expected) => {
  expect(parseEnv('x.env', `${text}\n`)).toMatchObject({ values: { A: expected }, problems: [] });
});

test.each([
  ['A=hunter2#rest', 1, 'A has an unquoted #'],
  ['A=1\nB=2\nA=3', 3, 'A is already set on line 1'],
  ['A="hunter2', 1, 'A begins with " and has no "'],
  ['A="hunter2" rest', 1, 'A begins with " and has no "'],
  ['A=hunter2$B', 1, 'A has a $ outside single quotes'],
  ['A="hunter2${B}"', 1, 'A has a $ outside single quotes'],
  ['# x\nhunter2', 2, 'is not KEY=value'],
  ['A: hunter2', 1, 'is not KEY=value'],
  ['A=#hunter2', 1, 'A begins with an unquoted #'],
  ['A =#', 1, 'A begins with an unquoted #'],
  ['A= #hunter2', 1, 'A begins with an unquoted #'],
  ['A=x\t#hunter2', 1, 'A has an unquoted #'],
  ["A='hunter2' B='x'", 1, "A has text after its closing '"],
  ['A="hunter2\\\\" x"', 1, 'A has text after its closing "'],
  ["A='hunter2''", 1, "A has text after its closing '"],
  ['A=x\\$HUNTER', 1, 'A has a $ outside single quotes'],
  ['A="\\\\$HUNTER"', 1, 'A has a $ outside single quotes'],
  ['A="hunter2\\0101"', 1, 'A has \\0 in double quotes'],
  ['A=hunter2\uFEFF', 1, 'A has an invisible character'],
  ['A=\u2028hunter2', 1, 'A has an invisible character'],
  ['B=1\n\uFEFFA=hunter2', 2, 'is not KEY=value'],
  ['B=1\n\uFEFF# note', 2, 'is not KEY=value'],
  ['MY KEY=hunter2', 1, 'is not KEY=value'],
  ['B=1\nexport FOO', 2, 'is not KEY=value'],
  ['FOO', 1, 'is not KEY=value'],
  ['É=hunter2', 1, 'is not KEY=value'],
  ["A='hunter2\rb'", 1, 'has a carriage return that ends no line'],
  ['B=1\nA="hunter2\r\nb"', 2, 'A spans lines in a file of mixed line ends'],
])('%s is a problem, without its value', (text, line, message) => {
  const { problems } = parseEnv('x.env', text);
  expect(problems).toEqual([{ file: 'x.env', line, message: expect.stringContaining(message) }]);
  expect(JSON.stringify(problems)).not.toContain('hunter2');
});

test('whatever stands in single quotes is the value', () => {
  const value = fc.string({ unit: 'binary' }).filter((text) => !/['\r\\]/.test(text));
  fc.assert(
    fc.property(value, (text) => {
      expect(parseEnv('x.env', `A='${text}'\nB=1\n`)).toMatchObject({
        values: { A: text, B: '1' },
        problems: [],
      });
    }),
  );
});

test('where nothing is said, the value is what dotenv reads', () => {
  const line = fc
    .tuple(fc.stringMatching(/^[A-Z]{1,3}$/), fc.string())
    .map(([key, value]) => `${key}=${value}`);
  fc.assert(
    fc.property(fc.array(line, { maxLength: 4 }), (lines) => {
      const text = lines.filter((one) => !one.includes('\\')).join('\n');
      const { values, problems } = parseEnv('x.env', text);
      fc.pre(problems.length === 0);
      expect(values).toEqual(parse(text));
    }),
  );
});
