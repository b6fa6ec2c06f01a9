import type { LogLine } from '../shared/service-log.ts';

/** What Docker itself says in a log stream, for example that a node does not answer. */
export interface LogProblem {
  readonly problem: string;
}

/** The stream that Docker writes its own errors to; 1 and 2 are a task's outputs. */
const SYSTEM = 3;
const LINE_FEED = 0x0a;

interface Frame {
  readonly stream: number;
  readonly payload: Buffer;
}

/** Docker's log stream: frames of an 8-byte header, whose first byte is the stream and last four are the length. */
export async function* readFrames(chunks: AsyncIterable<Buffer> | Iterable<Buffer>): AsyncGenerator<Frame> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of chunks) {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    while (rest.length >= 8 && rest.length >= 8 + rest.readUInt32BE(4)) {
      const end = 8 + rest.readUInt32BE(4);
      yield { stream: rest.readUInt8(0), payload: rest.subarray(8, end) };
      rest = rest.subarray(end);
    }
  }
}

/** The lines of tasks without a terminal. A frame without a line end is a part of a line of more than 16 KB. */
export async function* readFramedLines(
  chunks: AsyncIterable<Buffer> | Iterable<Buffer>,
): AsyncGenerator<LogLine | LogProblem> {
  const begun = new Map<string, Line>();
  for await (const { stream, payload } of readFrames(chunks)) {
    if (stream === SYSTEM) {
      yield { problem: payload.toString('utf8').trim() };
      continue;
    }
    const part = parseLine(withoutEnd(payload));
    if (!part) continue;
    const key = `${stream} ${part.taskId}`;
    const first = begun.get(key);
    const line = first ? { ...first, text: Buffer.concat([first.text, part.text]) } : part;
    if (payload.at(-1) === LINE_FEED) {
      begun.delete(key);
      yield asText(line);
    } else begun.set(key, line);
  }
  for (const line of begun.values()) yield asText(line);
}

/** The lines of a task with a terminal, whose output comes as it is, in chunks that end anywhere. */
export async function* readRawLines(
  chunks: AsyncIterable<Buffer> | Iterable<Buffer>,
): AsyncGenerator<LogLine> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of chunks) {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    for (let end = rest.indexOf(LINE_FEED); end >= 0; end = rest.indexOf(LINE_FEED)) {
      const line = parseLine(withoutEnd(rest.subarray(0, end + 1)));
      if (line) yield asText(withoutBorders(line));
      rest = rest.subarray(end + 1);
    }
  }
  const line = parseLine(rest);
  if (line) yield asText(withoutBorders(line));
}

/** Docker writes the prefix of a line again before each further 16 KB of it. */
function withoutBorders(line: Line): Line {
  const { prefix, text } = line;
  if (!text.includes(prefix)) return line;
  return { ...line, text: Buffer.from(text.toString('latin1').replaceAll(prefix, ''), 'latin1') };
}

interface Line {
  readonly prefix: string;
  readonly time: string;
  readonly taskId: string;
  /** Bytes: a letter may begin in one part and end in the next. */
  readonly text: Buffer;
}

const PREFIX = /^(\S+) \S*com\.docker\.swarm\.task\.id=(\w+)\S*(?: |$)/;
/** Longer than any prefix: labels of a service are part of it. */
const MOST_PREFIX = 64_000;

/** `<time> <details> <text>`, as Docker writes a line with timestamps and details; `undefined` for anything else. */
function parseLine(bytes: Buffer): Line | undefined {
  const [prefix = '', time, taskId] = PREFIX.exec(bytes.subarray(0, MOST_PREFIX).toString('latin1')) ?? [];
  if (time === undefined || taskId === undefined) return undefined;
  return { prefix, time, taskId, text: bytes.subarray(prefix.length) };
}

/** Without the line end of a program, or of a terminal. */
function withoutEnd(bytes: Buffer): Buffer {
  if (bytes.at(-1) !== LINE_FEED) return bytes;
  return bytes.subarray(0, bytes.at(-2) === 0x0d ? -2 : -1);
}

const asText = ({ time, taskId, text }: Line): LogLine => ({ time, taskId, text: text.toString('utf8') });
