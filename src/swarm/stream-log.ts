import type { Readable } from 'node:stream';
import type Docker from 'dockerode';
import type { LogLine, LogOptions, LogSource } from '../shared/service-log.ts';
import { ask, failed } from './ask.ts';
import { readFramedLines, readRawLines } from './log-lines.ts';

/** The limit for a node that does not return a task's log: a verdict must not wait without end. */
export const LOG_MS = 10_000;

/**
 * The lines of a service or task, as they come; `follow` ends with the signal only. `onProblem` gets what Docker says itself. Docker asks the nodes before it
 * answers, and one that does not speak keeps it from that: then, too, the signal ends it.
 */
export async function* streamLog(
  docker: Docker,
  { kind, id, isTerminal }: LogSource,
  { follow, since, tail }: LogOptions,
  signal?: AbortSignal,
  onProblem: (problem: string) => void = () => {},
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
  for await (const line of isTerminal ? readRawLines(chunks) : readFramedLines(chunks))
    if ('problem' in line) onProblem(line.problem);
    else yield line;
}

/** The stream's chunks; an end by the signal is not an error. */
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

/** dockerode has the logs of both; its types do not. */
function logged(of: unknown): { logs(options: object): Promise<Readable | Buffer> } {
  return of as never;
}
