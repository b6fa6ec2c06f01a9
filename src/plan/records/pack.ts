import { gunzipSync, gzipSync } from 'node:zlib';

/** A config may have 1,024,000 bytes; some of that is left for what is around it. */
export const MOST_BYTES = 1_000_000;

/** Anything that JSON can say, in as many pieces as it takes; always at least one. */
export function packRecord(value: unknown, mostBytes = MOST_BYTES): readonly Buffer[] {
  const packed = gzipSync(JSON.stringify(value));
  const count = Math.ceil(packed.length / mostBytes);
  return Array.from({ length: count }, (_, at) => packed.subarray(at * mostBytes, (at + 1) * mostBytes));
}

/** Throws when a piece is missing or is not what was packed. */
export function parsePacked<T>(pieces: readonly Buffer[]): T {
  return JSON.parse(gunzipSync(Buffer.concat(pieces)).toString()) as T;
}
