import { type IncomingMessage, request as requestPlain } from 'node:http';
import { request as requestSecure } from 'node:https';
import { reachEveryAddress } from './reach-every-address.ts';
import { TimeLimit, unlessAborted } from './time-limit.ts';

export interface HttpRequest {
  readonly method?: 'GET' | 'POST';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** For the whole exchange. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
}

export interface HttpAnswer {
  readonly status: number;
  /** '' if the header is missing; values of a repeated one are joined by a comma. */
  header(name: string): string;
  readonly text: string;
  /** False if the body has more than `MOST_BYTES`. */
  readonly isWhole: boolean;
}

/** Of a body: the rest is not read. */
export const MOST_BYTES = 1_000_000;

/**
 * Sends one request on a connection of its own; follows no redirect. `fetch` is not used: it refuses ports that
 * browsers block. Throws a TimeoutError if the exchange is not over in time.
 */
export async function requestHttp(
  url: string,
  { method = 'GET', headers = {}, body = '', timeoutMs, signal }: HttpRequest,
): Promise<HttpAnswer> {
  using limit = new TimeLimit(timeoutMs, ...(signal ? [signal] : []));
  const send = url.startsWith('https:') ? requestSecure : requestPlain;
  const length = method === 'POST' ? { 'content-length': Buffer.byteLength(body) } : {};
  const options = {
    method,
    headers: { 'user-agent': 'waggle', accept: '*/*', ...length, ...headers },
    agent: false,
    ...reachEveryAddress(timeoutMs),
  };
  const request = send(url, options);
  const answering = new Promise<IncomingMessage>((resolve, reject) => {
    request.once('response', resolve).on('error', reject);
  }).then(readAnswer);
  request.end(body);
  try {
    return await unlessAborted(answering, limit.signal);
  } finally {
    request.destroy();
  }
}

async function readAnswer(incoming: IncomingMessage): Promise<HttpAnswer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > MOST_BYTES) break;
  }
  return {
    status: incoming.statusCode ?? 0,
    header: (name) => incoming.headersDistinct[name]?.join(', ') ?? '',
    text: Buffer.concat(chunks).subarray(0, MOST_BYTES).toString(),
    isWhole: size <= MOST_BYTES,
  };
}
