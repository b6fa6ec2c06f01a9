/** RESP, the protocol of Redis: as much of version 2 as a client needs. */
export type Reply = string | number | null | ReplyError | readonly Reply[];

/** What Redis answered is an error: data here, thrown by whoever asked. */
export class ReplyError extends Error {}

interface Parsed {
  readonly reply: Reply;
  /** Where the next reply begins. */
  readonly end: number;
}

/** An array of bulk strings, each with its length in bytes. */
export function encodeCommand(words: readonly string[]): string {
  const bulk = words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`);
  return `*${words.length}\r\n${bulk.join('')}`;
}

/** undefined while the reply is still incomplete. */
export function parseReply(data: Buffer, start = 0): Parsed | undefined {
  const lineEnd = data.indexOf('\r\n', start);
  if (lineEnd < 0) return undefined;
  const kind = data.toString('latin1', start, start + 1);
  const line = data.toString('utf8', start + 1, lineEnd);
  const end = lineEnd + 2;
  if (kind === '+') return { reply: line, end };
  if (kind === '-') return { reply: new ReplyError(line), end };
  if (kind === ':') return { reply: Number(line), end };
  if (kind === '$') return parseBulk(data, Number(line), end);
  if (kind === '*') return parseArray(data, Number(line), end);
  throw new Error(`not a RESP reply: it begins with ${JSON.stringify(kind)}`);
}

function parseBulk(data: Buffer, length: number, start: number): Parsed | undefined {
  if (length < 0) return { reply: null, end: start };
  const end = start + length + 2;
  return data.length < end ? undefined : { reply: data.toString('utf8', start, start + length), end };
}

function parseArray(data: Buffer, count: number, start: number): Parsed | undefined {
  if (count < 0) return { reply: null, end: start };
  const reply: Reply[] = [];
  let end = start;
  while (reply.length < count) {
    const item = parseReply(data, end);
    if (!item) return undefined;
    reply.push(item.reply);
    end = item.end;
  }
  return { reply, end };
}
