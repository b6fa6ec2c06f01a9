import { requestHttp } from '../shared/http.ts';

/** A slow receiver must not slow a deploy. */
const TIMEOUT_MS = 5_000;

/**
 * Returns the answer, parsed. Throws what is wrong, without the address: it may hold a token. A redirect is an error: the
 * notice would have to be sent again, to an address that nobody set.
 */
export async function postJson(
  url: string,
  body: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<unknown> {
  const { status, text } = await requestHttp(url, {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json', ...headers },
    timeoutMs: TIMEOUT_MS,
  }).catch((error: Error) => {
    throw new Error(
      error.name === 'TimeoutError' ? `no answer within ${TIMEOUT_MS / 1000} s` : 'it cannot be reached',
    );
  });
  if (status >= 300 && status < 400)
    throw new Error(`it answered ${status}: set the URL that it redirects to`);
  if (status < 200 || status >= 300) throw new Error(`it answered ${status}`);
  return parse(text);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
