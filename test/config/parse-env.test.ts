import { expect, test } from 'vitest';
import { parseEnv } from '../../src/config/parse-env.ts';

test('values, with the line of each, through a BOM, CRLF, comments, export and several lines', () => {
  const text = '\uFEFFA=1\r\n# note\r\nexport B="two\r\nlines"\r\nC=\'#3\' # comment\r\n';
  const { values, lines, problems } = parseEnv('x.env', text);
  expect(values).toEqual({ A: '1', B: 'two\nlines', C: '#3' });
  expect(lines).toEqual({ A: 1, B: 3, C: 5 });
  expect(problems).toEqual([]);
});

test('what dotenv would lose in silence is a problem, without the value', () => {
  const { problems } = parseEnv('x.env', 'PASSWORD=hunter2#rest\nA=1\nA=2\n');
  expect(problems).toEqual([
    { file: 'x.env', line: 1, message: expect.stringContaining('PASSWORD has an unquoted #') },
    { file: 'x.env', line: 3, message: expect.stringContaining('A is already set on line 2') },
  ]);
  expect(JSON.stringify(problems)).not.toContain('hunter2');
});
