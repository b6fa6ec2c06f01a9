import type { Readable } from 'node:stream';
import type Docker from 'dockerode';
import type { LogLine, LogSource, LogWish } from '../shared/swarm.ts';
import { ask, failed } from './ask.ts';

/** For so long a node is waited for that does not give what a task of it said: a verdict must not wait for ever. */
export const LOG_MS = 10_000;

/**
 * The lines of a service or task, as they come; `follow` ends with the signal only. Docker asks the nodes before it
 * answers, and one that does not speak keeps it from that: then, too, the signal ends it.
 */
export async function* streamLog(
  docker: Docker,
  { kind, id, isTerminal }: LogSource,
  { follow, since, tail }: LogWish,
  signal?: AbortSignal,
): AsyncGenerator<LogLine> {
  const options = { stdout: true, stderr: true, timestamps: true, details: true, follow, since, tail };
  const asked = kind === 'service' ? docker.getService(id) : docker.getTask(id);
  const answer = await ask('read a log', () =>
    logged(asked)
      .logs({ ...options, abortSignal: signal })
      .catch((error) => {
        if (signal?.aborted) return Buffer.alloc(0);
        throw error;
      }),
  );
  const chunks = Buffer.isBuffer(answer) ? [answer] : untilAborted(answer, signal);
  for await (const payload of isTerminal ? chunks : readFrames(chunks))
    for (const line of payload.toString('utf8').split('\n')) {
      const parsed = parseLogLine(line);
      if (parsed) yield parsed;
    }
}

/** The stream's chunks; its end by the signal is no error. */
async function* untilAborted(stream: Readable, signal?: AbortSignal): AsyncGenerator<Buffer> {
  const end = () => stream.destroy();
  signal?.addEventListener('abort', end, { once: true });
  try {
    for await (const chunk of stream) yield chunk as Buffer;
  } catch (error) {
    if (!signal?.aborted) throw failed('read a log', error as Error);
  } finally {
    signal?.removeEventListener('abort', end);
    end();
  }
}

/** Docker's log stream: frames of an 8-byte header, whose last four bytes are the length, and a payload. */
export async function* readFrames(chunks: AsyncIterable<Buffer> | Iterable<Buffer>): AsyncGenerator<Buffer> {
  let rest = Buffer.alloc(0);
  for await (const chunk of chunks) {
    rest = Buffer.concat([rest, chunk]);
    while (rest.length >= 8 && rest.length >= 8 + rest.readUInt32BE(4)) {
      const end = 8 + rest.readUInt32BE(4);
      yield rest.subarray(8, end);
      rest = rest.subarray(end);
    }
  }
}

const LINE = /^(\S+) (\S*com\.docker\.swarm\.task\.id=(\w+)\S*) ?(.*)$/;

/** `<time> <details> <text>`, as Docker writes a line with timestamps and details; undefined for what is none. */
export function parseLogLine(line: string): LogLine | undefined {
  const [, time, , taskId, text] = LINE.exec(line.replace(/\r$/, '')) ?? [];
  return time !== undefined && taskId !== undefined ? { time, taskId, text: text ?? '' } : undefined;
}

/** dockerode has the logs of both; its types do not. */
function logged(of: unknown): { logs(options: object): Promise<Readable | Buffer> } {
  return of as never;
}
