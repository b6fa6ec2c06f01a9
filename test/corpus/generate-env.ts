import fc from 'fast-check';

/** Generates env files: mostly lines that every reader takes, and ones that readers take differently. */

/** The variables whose values are compared. */
export const NAMES = ['A', 'B', 'C', 'LONG_NAME', 'a.b', 'x-y', '_u'];

const name = fc.oneof(
  { weight: 20, arbitrary: fc.constantFrom(...NAMES) },
  { weight: 1, arbitrary: fc.constantFrom('É', 'A B', '', '1A', 'A[0]', 'A\u00A0', 'export') },
);
const word = fc.constantFrom(
  'x',
  'two',
  '5',
  'é',
  '蜂',
  '\u{1F41D}',
  'a=b',
  'http://h/p',
  ':',
  '-',
  ',',
  ';',
);
const blank = fc.constantFrom(' ', ' ', '\t', '  ', '\u00A0', '\u2028', '\u0085', '\uFEFF', '\v', '\f');
const escaped = fc.constantFrom(
  ...['\\n', '\\t', '\\r', '\\\\', '\\$', '\\"', "\\'", '\\`', '\\a', '\\b', '\\f', '\\v', '\\c'],
  ...['\\0', '\\0101', '\\08', '\\x41', '\\u0041', '\\d', '\\ ', '\\#', '\\'],
);
const dollar = fc.constantFrom(
  ...[
    '$A',
    '${A}',
    '${B:-default}',
    '${B-}',
    '${A:+x}',
    '${A:?m}',
    '$$',
    '$',
    '$5',
    '${',
    '\\${A}',
    '\\\\$A',
  ],
);
const hash = fc.constantFrom('#', ' #', ' # ', '\t#', '#c', ' # c', '\u00A0#');
const anyQuote = fc.constantFrom('"', "'", '`');

const mostly = (plain: fc.Arbitrary<string>, ...odd: readonly fc.Arbitrary<string>[]) =>
  fc
    .array(fc.oneof({ weight: 5, arbitrary: plain }, ...odd.map((arbitrary) => ({ weight: 1, arbitrary }))), {
      maxLength: 5,
    })
    .map((parts) => parts.join(''));

const bare = mostly(word, blank, escaped, dollar, hash, anyQuote);
const after = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom('', '', ' ', ' # c', '\t') },
  {
    weight: 1,
    arbitrary: fc.constantFrom('#c', ' rest', "'", ' "', " C='y'", ' C="y"', '\t# c', '\u00A0', '#"'),
  },
);
const quoted = (quote: string) => {
  const inner = mostly(word, blank, escaped, dollar, hash, fc.constantFrom('"', "'", '`', '\n'));
  return fc.tuple(inner, after, fc.integer({ min: 0, max: 9 })).map(([text, tail, chance]) => {
    const kept = chance === 0 ? text : text.replaceAll(new RegExp(`(?<!\\\\)${quote}`, 'g'), '');
    return `${quote}${kept}${quote}${tail}`;
  });
};
const value = fc.oneof(
  { weight: 4, arbitrary: bare },
  { weight: 4, arbitrary: quoted('"') },
  { weight: 4, arbitrary: quoted("'") },
  { weight: 1, arbitrary: quoted('`') },
  { weight: 1, arbitrary: fc.constantFrom('', '""', "''", ' ', '#', ' #c', '"', "'") },
);
const equals = fc.oneof(
  { weight: 9, arbitrary: fc.constant('=') },
  { weight: 1, arbitrary: fc.constantFrom(' =', '= ', ' = ', '\t=', '=\t', ': ', ':', '=\u00A0', '==') },
);
const start = fc.oneof(
  { weight: 9, arbitrary: fc.constant('') },
  {
    weight: 2,
    arbitrary: fc.constantFrom('export ', ' ', '\t', 'export\t', 'export  ', '\u00A0', '\u2028', '\uFEFF'),
  },
);
const assignment = fc.tuple(start, name, equals, value).map((parts) => parts.join(''));
const line = fc.oneof(
  { weight: 12, arbitrary: assignment },
  {
    weight: 1,
    arbitrary: fc.constantFrom('', ' ', '# note', '  # note', "# it's", '#A=1', '\u00A0', '\uFEFF# x'),
  },
  { weight: 1, arbitrary: fc.constantFrom('SET', 'UNSET', 'export SET', ' SET ', 'x y', '=x', '\u0085SET') },
);
const ends = fc.oneof(
  { weight: 6, arbitrary: fc.constant('\n') },
  { weight: 2, arbitrary: fc.constant('\r\n') },
  { weight: 1, arbitrary: fc.constantFrom('\r', '\n\r', '\r\r\n') },
);
/** `SET` is a variable of the environment, `UNSET` is none. */
export const envFile = fc
  .tuple(
    fc.oneof({ weight: 6, arbitrary: fc.constant('') }, { weight: 1, arbitrary: fc.constant('\uFEFF') }),
    fc.array(line, { minLength: 1, maxLength: 3 }),
    ends,
    fc.constantFrom('end', 'none', 'return', 'end'),
  )
  .map(([mark, lines, end, last]) => {
    const text = lines.map((one) => one.replaceAll('\n', end)).join(end);
    return `${mark}${text}${last === 'end' ? end : last === 'return' ? '\r' : ''}`;
  });
