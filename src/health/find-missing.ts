import { VERSION } from '../config/parse-health.ts';

/**
 * What is expected of a text and not in it; undefined: nothing. A version is there only as a whole, or v1 would be found
 * in v10 and v1.2; as long as nobody knows which it is, what names it is not expected.
 */
export function findMissing(text: string, expected: string, version: string | undefined): string | undefined {
  if (!expected.includes(VERSION)) return text.includes(expected) ? undefined : expected;
  if (version === undefined) return undefined;
  const wanted = expected.replaceAll(VERSION, () => version);
  const before = expected.startsWith(VERSION) ? '(?<!\\w|\\d\\.)' : '';
  const after = expected.endsWith(VERSION) ? '(?!\\w|\\.\\d)' : '';
  const literally = wanted.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
  return new RegExp(`${before}${literally}${after}`).test(text) ? undefined : wanted;
}
