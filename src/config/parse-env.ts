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

/**
 * dotenv parses; this adds line numbers and says what dotenv would lose silently: everything after an
 * unquoted `#`, and all but the last of two equal keys.
 */
export function parseEnv(file: string, text: string): EnvFile {
  const plain = text.replace(/^\uFEFF/, '').replace(/\r\n?/g, '\n');
  const lines: Record<string, number> = {};
  const problems: Problem[] = [];
  for (const match of plain.matchAll(ASSIGNMENT)) {
    const [whole, key = '', value = '', comment] = match;
    const line = plain.slice(0, match.index + whole.indexOf(key)).split('\n').length;
    const complain = (message: string) => problems.push({ file, line, message });
    if (Object.hasOwn(lines, key))
      complain(`${key} is already set on line ${lines[key]}: keep one of the two`);
    if (comment && value && !/^['"`]/.test(value) && !/\s$/.test(value)) {
      complain(`${key} has an unquoted #, which would end the value there: put the value in single quotes`);
    }
    lines[key] = line;
  }
  return { file, values: parse(plain), lines, problems };
}
