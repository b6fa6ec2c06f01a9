import { parse } from 'dotenv';
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
  /^[^\S\n]*(?:export\s+)?([\w.-]+)[^\S\n]*=[^\S\n]*('(?:\\'|[^'])*'|"(?:\\"|[^"])*"|`(?:\\`|[^`])*`|[^#\n]+)?[^\S\n]*(#.*)?$/gm;

const ESCAPED: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '"': '"', '\\': '\\', $: '$' };

/**
 * dotenv parses; this adds line numbers and compose's escapes in quotes, and says what would be lost in
 * silence: what follows an unquoted `#`, all but the last of two equal keys, lines that are no assignment.
 */
export function parseEnv(file: string, text: string): EnvFile {
  const plain = text.replace(/^\uFEFF/, '').replace(/\r\n?/g, '\n');
  const values: Record<string, string> = parse(plain);
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
    if (/^["'].*\\/s.test(raw)) values[key] = expandEscapes(raw.trim());
  }
  return { file, values, lines, problems: [...problems, ...findStrays(file, plain)].sort(byLine) };
}

function judgeValue(key: string, raw: string, comment: string | undefined): string[] {
  const value = raw.trim();
  const quote = /^['"`]/.exec(value)?.[0];
  if (quote && (value.length < 2 || !value.endsWith(quote)))
    return [
      `${key} begins with ${quote} and has no ${quote} at its end: close it, or put all of it in other quotes`,
    ];
  const isCut = comment && value && !quote && !/\s$/.test(raw);
  if (isCut)
    return [`${key} has an unquoted #, which would end the value there: put the value in single quotes`];
  // docker compose would substitute it, dotenv does not: the one who wrote it decides.
  const hasVariable = (quote === undefined || quote === '"') && /(?<!\\)\$[A-Za-z_{$]/.test(value);
  return hasVariable
    ? [`${key} has a $ outside single quotes: values are not substituted, put it in single quotes`]
    : [];
}

function judgeEnds(
  key: string,
  { whole, raw, isMixed }: { whole: string; raw: string; isMixed: boolean },
): string[] {
  if (/^[^=]*=#/.test(whole))
    return [`${key} begins with an unquoted #, and would be empty: put the value in single quotes`];
  return isMixed && raw.includes('\n')
    ? [`${key} spans lines in a file of mixed line ends: write \\n or \\r\\n in double quotes`]
    : [];
}

/** dotenv makes a line end of each. */
function findReturns(file: string, text: string): Problem[] {
  return [...text.matchAll(/\r(?!\n)/g)].map(({ index }) => ({
    file,
    line: text.slice(0, index).split('\n').length,
    message: 'has a carriage return that ends no line: write \\r in double quotes',
  }));
}

/** In single quotes a backslash is one, unless a quote follows. */
function expandEscapes(quoted: string): string {
  const text = quoted.slice(1, -1);
  if (quoted.startsWith("'")) return text.replaceAll(/\\(?:(')|[^'])/g, (whole, quote) => quote ?? whole);
  return text.replaceAll(/\\([nrt"\\$])/g, (_, character: string) => ESCAPED[character] ?? character);
}

/** Lines that set nothing, though they are no comment. */
function findStrays(file: string, plain: string): Problem[] {
  const rest = plain.replaceAll(ASSIGNMENT, (whole) => whole.replaceAll(/[^\n]/g, ''));
  return rest.split('\n').flatMap((line, index) =>
    /^\s*(#.*)?$/.test(line)
      ? []
      : [
          {
            file,
            line: index + 1,
            message: 'is no KEY=value, and would be skipped: correct it, or begin it with #',
          },
        ],
  );
}

const byLine = (a: Problem, b: Problem) => (a.line ?? 0) - (b.line ?? 0);
