import type { HealthCheck } from '../config/parse-health.ts';
import { messageOf } from '../shared/errors.ts';
import { type Answer, explainNoAnswer } from './explain-no-answer.ts';
import { findMissing } from './find-missing.ts';
import { followRedirects } from './follow-redirects.ts';

export interface Asking {
  readonly timeoutMs: number;
  /** That has to answer; undefined: nobody knows which it is. */
  readonly version: string | undefined;
}

/** Asks once. Redirects are followed, and what goes wrong after one is told of where it led. */
export async function ask(check: HealthCheck, asking: Asking, signal: AbortSignal): Promise<Answer> {
  let at = check.url;
  const answer = await askThrough(check, asking, signal, (url) => {
    at = url;
  });
  if (answer.kind === 'well' || at === check.url) return answer;
  return { ...answer, why: `redirected to ${at}, ${answer.why}` };
}

async function askThrough(
  check: HealthCheck,
  { timeoutMs, version }: Asking,
  signal: AbortSignal,
  onRedirect: (url: string) => void,
): Promise<Answer> {
  try {
    const bound = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
    const authorization = `Basic ${check.login?.reveal().toString('base64')}`;
    const headers = check.login ? { authorization } : {};
    const response = await followRedirects(check.url, { headers, signal: bound }, onRedirect);
    const why = judgeAnswer(check, version, response, await response.text());
    return why === undefined ? { kind: 'well' } : { kind: 'ill', why };
  } catch (error) {
    if ((error as Error).name === 'TimeoutError')
      return { kind: 'ill', why: `no answer within ${timeoutMs / 1000} s` };
    const { code, message } = ((error as Error).cause ?? error) as NodeJS.ErrnoException;
    return explainNoAnswer(code ?? '', message ?? messageOf(error));
  }
}

/** What is wrong with an answer; undefined: nothing. */
function judgeAnswer(
  { status, body, headers }: HealthCheck,
  version: string | undefined,
  answer: Pick<Response, 'status' | 'headers'>,
  text: string,
): string | undefined {
  const isStatus =
    status === undefined ? answer.status >= 200 && answer.status < 300 : answer.status === status;
  if (!isStatus) return `it answered ${answer.status}${status ? `, not ${status}` : ''}`;
  for (const part of body) {
    const missing = findMissing(text, part, version);
    if (missing !== undefined) return `its answer does not contain "${missing}"`;
  }
  for (const [name, part] of Object.entries(headers)) {
    const value = answer.headers.get(name) ?? '';
    const missing = findMissing(value, part, version);
    if (missing !== undefined) return `its header ${name} is "${value}", not "${missing}"`;
  }
  return undefined;
}
