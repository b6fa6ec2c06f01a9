import { expect, test } from 'vitest';
import { parseEnvFile } from '../../src/config/parse-env-file.ts';

/** What `docker stack config` (CLI 28.2.2) gives the service. */
test.each([
  ['A="x y"', { A: '"x y"' }],
  ['A=`q`', { A: '`q`' }],
  ['A=pa$word', { A: 'pa$word' }],
  ['URL=http://h/p#frag', { URL: 'http://h/p#frag' }],
  ['A=1 # two', { A: '1 # two' }],
  ['  A=1 ', { A: '1 ' }],
  ['# A=1\n\nB=', { B: '' }],
  ['TZ', { TZ: 'UTC' }],
  ['NOBODY', {}],
  ['A=1\r\nB=2', { A: '1', B: '2' }],
  ['A=1\r', { A: '1' }],
  ['A=1\r\r\n', { A: '1\r' }],
  ['\u0085TZ\n\u00A0\u2028A=1', { TZ: 'UTC', A: '1' }],
  ['\uFEFFA=1', { A: '1' }],
  ['A=1\nA=2', { A: '2' }],
])('%j gives the bytes that Docker sends', (text, values) => {
  expect(parseEnvFile('a.env', text, (name) => (name === 'TZ' ? 'UTC' : undefined))).toMatchObject({
    values,
    problems: [],
  });
});

test.each(['A\u00A0=1', '\uFEFFA=1', 'A\rB'])(
  '%j has a blank in its name, though Docker would take it',
  (line) => {
    const { problems } = parseEnvFile('a.env', `X=1\n${line}\n`, () => undefined);
    expect(problems).toMatchObject([{ file: 'a.env', line: 2 }]);
  },
);

test.each(['export A=1', 'A =1', '=1', '\uFEFFA B'])(
  '%j is a problem with its line, as with Docker',
  (line) => {
    const { problems } = parseEnvFile('a.env', `X=1\n${line}\n`, () => undefined);
    expect(problems).toMatchObject([{ file: 'a.env', line: 2 }]);
  },
);
