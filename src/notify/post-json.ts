/** Whoever is told may be slow; a deploy is not. */
const TIMEOUT_MS = 5_000;

/** Gives the answer, parsed; throws what is wrong, without the address: it may hold a token. */
export async function postJson(
  url: string,
  body: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<unknown> {
  const answer = await fetch(url, {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json', ...headers },
    signal: AbortSignal.timeout(TIMEOUT_MS),
  }).catch((error: Error) => {
    throw new Error(
      error.name === 'TimeoutError' ? `no answer within ${TIMEOUT_MS / 1000} s` : 'it cannot be reached',
    );
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`it answered ${answer.status}`);
  return parse(text);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
