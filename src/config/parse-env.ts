import type { Problem } from './problem.ts';

/** An env file as text became: values, and the line each came from for error messages. */
export interface EnvFile {
  readonly file: string;
  readonly values: Readonly<Record<string, string>>;
  readonly lines: Readonly<Record<string, number>>;
  readonly problems: readonly Problem[];
}

/** One assignment as dotenv sees it: key, then a quoted value (may span lines) or a bare one up to a #. */
const ASSIGNMENT =
  /^[^\S\n\uFEFF]*(?:export\s+)?([\w.-]+)[^\S\n\uFEFF]*=[ \t\v\f\u00A0]*('(?:\\'|[^'])*'|"(?:\\"|[^"])*"|`(?:\\`|[^`])*`|[^#\n]+)?[ \t\v\f\u00A0]*(#.*)?$/gm;

/** Quotes that close where they seem to: compose reads on behind the first closing quote. */
const QUOTED = /^(?:'(?:\\[\s\S]|[^'\\])*'|"(?:\\[\s\S]|[^"\\])*"|`(?:\\`|[^`])*`)$/;

/** One reader cuts off other blanks than these, another keeps them. */
const trim = (raw: string) => raw.replaceAll(/^[ \t\v\f\u00A0]+|[ \t\v\f\u00A0]+$/g, '');

const ESCAPED: Readonly<Record<string, string>> = {
  ...{ n: '\n', r: '\r', t: '\t', a: '\x07', b: '\b', f: '\f', v: '\v' },
  ...{ '"': '"', '\\': '\\', $: '$' },
};

/**
 * Reads values as compose does, with their lines, and reports what would be lost or changed in silence: what follows
 * an unquoted `#`, all but the last of two equal keys, lines that are no assignment.
 */
export function parseEnv(file: string, text: string): EnvFile {
  const plain = text.replace(/^\uFEFF/, '').replace(/\r\n?/g, '\n');
  const values: Record<string, string> = {};
  const lines: Record<string, number> = {};
  const problems = findReturns(file, text);
  const isMixed = /\r\n/.test(text) && /(^|[^\r])\n/.test(text);
  const lineAt = (offset: number) => plain.slice(0, offset).split('\n').length;
  for (const match of plain.matchAll(ASSIGNMENT)) {
    const [whole, key = '', raw = '', comment] = match;
    const line = lineAt(match.index + whole.indexOf(key));
    const earlier = Object.hasOwn(lines, key)
      ? [`${key} is already set on line ${lines[key]}: keep one of the two`]
      : [];
    const said = [...earlier, ...judgeValue(key, raw, comment), ...judgeEnds(key, { whole, raw, isMixed })];
    for (const message of said) problems.push({ file, line, message });
    lines[key] = line;
    values[key] = readValue(trim(raw));
  }
  return { file, values, lines, problems: [...problems, ...findStrays(file, plain)].sort(byLine) };
}

function judgeValue(key: string, raw: string, comment: string | undefined): string[] {
  const value = trim(raw);
  const quote = /^['"`]/.exec(value)?.[0];
  if (quote && (value.length < 2 || !value.endsWith(quote)))
    return [
      `${key} begins with ${quote} and has no ${quote} at its end: close it, or put all of it in other quotes`,
    ];
  if (quote && !QUOTED.test(value))
    return [`${key} has text after its closing ${quote}: put all of it in other quotes, or escape the quote`];
  // To compose only a space makes a comment of what follows.
  const isCut = comment && value && !quote && !raw.endsWith(' ');
  if (isCut)
    return [`${key} has an unquoted #, which would end the value there: put the value in single quotes`];
  return [...judgeDollar(key, value, quote), ...judgeCharacters(key, value, quote)];
}

/** compose would substitute it, Waggle does not. */
function judgeDollar(key: string, value: string, quote: string | undefined): string[] {
  const text = quote === '"' ? value.replaceAll(/\\[abcfnrtv$"\\]/g, '') : value;
  const hasVariable = (quote === undefined || quote === '"') && /\$[A-Za-z_{$]/.test(text);
  return hasVariable
    ? [`${key} has a $ outside single quotes: values are not substituted, put it in single quotes`]
    : [];
}

function judgeCharacters(key: string, value: string, quote: string | undefined): string[] {
  if (quote === '"' && /\\0/.test(value.replaceAll('\\\\', '')))
    return [`${key} has \\0 in double quotes, where compose reads a number: put the value in single quotes`];
  return quote === undefined && /^[\s\u0085]|[\s\u0085]$/.test(value)
    ? [`${key} has an invisible character at an end of its value: remove it, or put the value in quotes`]
    : [];
}

function judgeEnds(
  key: string,
  { whole, raw, isMixed }: { whole: string; raw: string; isMixed: boolean },
): string[] {
  if (/^[^=]*=[^\S\n]*#/.test(whole))
    return [`${key} begins with an unquoted #, and would be empty: put the value in single quotes`];
  return isMixed && raw.includes('\n')
    ? [`${key} spans lines in a file of mixed line ends: write \\n or \\r\\n in double quotes`]
    : [];
}

/** compose keeps it, an editor shows a line end. */
function findReturns(file: string, text: string): Problem[] {
  return [...text.matchAll(/\r(?!\n)/g)].map(({ index }) => ({
    file,
    line: text.slice(0, index).split('\n').length,
    message: 'has a carriage return that ends no line: write \\r in double quotes',
  }));
}

/** In single quotes a backslash is one, unless a quote follows; in backticks, which compose does not know, always. */
function readValue(value: string): string {
  if (!QUOTED.test(value)) return value;
  const text = value.slice(1, -1);
  if (value.startsWith('`')) return text;
  if (value.startsWith("'")) return text.replaceAll(/\\(?:(')|[^'])/g, (whole, quote) => quote ?? whole);
  return text.replaceAll(/\\([abfnrtv"\\$])/g, (_, character: string) => ESCAPED[character] ?? character);
}

/** Lines that set nothing, though they are no comment. */
function findStrays(file: string, plain: string): Problem[] {
  const rest = plain.replaceAll(ASSIGNMENT, (whole) => whole.replaceAll(/[^\n]/g, ''));
  return rest.split('\n').flatMap((line, index) =>
    /^[^\S\uFEFF]*(#.*)?$/.test(line)
      ? []
      : [
          {
            file,
            line: index + 1,
            message: 'is not KEY=value and would be skipped: correct it, or begin the line with #',
          },
        ],
  );
}

const byLine = (a: Problem, b: Problem) => (a.line ?? 0) - (b.line ?? 0);
