/** Text of a file, or why it has none. `line` counts from 1. */
export type Decoded = { readonly text: string } | { readonly problem: string; readonly line?: number };

/** How many bytes are looked at for the zeros of UTF-16 without a mark. */
const SAMPLE = 4096;
const LINE_FEED = 0x0a;

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Decodes UTF-8 strictly, with or without a byte order mark. */
export function decodeText(bytes: Buffer): Decoded {
  const utf16 = findUtf16(bytes);
  if (utf16) return { problem: `is ${utf16}, not UTF-8: save it as UTF-8` };
  const zero = bytes.indexOf(0);
  if (zero >= 0) return { problem: 'has a NUL byte: remove it', line: lineAt(bytes, zero) };
  try {
    return { text: utf8.decode(bytes) };
  } catch {
    const line = lineAt(bytes, findInvalid(bytes));
    return { problem: 'is not UTF-8 (Latin-1?): save it as UTF-8', line };
  }
}

/** By its mark, or by a zero in every second byte of ASCII text. */
export function findUtf16(bytes: Buffer): string | undefined {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'UTF-16 LE';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'UTF-16 BE';
  const sample = bytes.subarray(0, SAMPLE);
  const zeros = [0, 0];
  for (const [at, byte] of sample.entries()) if (byte === 0) zeros[at % 2] = (zeros[at % 2] ?? 0) + 1;
  const [even = 0, odd = 0] = zeros;
  const isMost = (count: number) => count > sample.length / 4;
  if (isMost(odd) && even === 0) return 'UTF-16 LE';
  return isMost(even) && odd === 0 ? 'UTF-16 BE' : undefined;
}

/** Lines are independent in UTF-8, so the first line that cannot be decoded has the fault. */
function findInvalid(bytes: Buffer): number {
  for (let start = 0; start < bytes.length; ) {
    const end = bytes.indexOf(LINE_FEED, start);
    const next = end < 0 ? bytes.length : end + 1;
    try {
      utf8.decode(bytes.subarray(start, next));
    } catch {
      return start;
    }
    start = next;
  }
  return 0;
}

function lineAt(bytes: Buffer, offset: number): number {
  return bytes.subarray(0, offset).filter((byte) => byte === LINE_FEED).length + 1;
}
