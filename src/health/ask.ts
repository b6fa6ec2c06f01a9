import type { HealthCheck } from '../config/parse-health.ts';
import { messageOf } from '../shared/errors.ts';
import { type Answer, explainNoAnswer } from './explain-no-answer.ts';

/** Asks once. Redirects are followed. */
export async function ask(check: HealthCheck, timeoutMs: number, signal: AbortSignal): Promise<Answer> {
  try {
    const bound = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
    const authorization = `Basic ${check.login?.reveal().toString('base64')}`;
    const headers = check.login ? { authorization } : {};
    const response = await fetch(check.url, { headers, signal: bound });
    const why = judgeAnswer(check, response, await response.text());
    if (why === undefined) return { kind: 'well' };
    return { kind: 'ill', why: response.redirected ? `redirected to ${response.url}, ${why}` : why };
  } catch (error) {
    if ((error as Error).name === 'TimeoutError')
      return { kind: 'ill', why: `no answer within ${timeoutMs / 1000} s` };
    const { code, message } = ((error as Error).cause ?? error) as NodeJS.ErrnoException;
    return explainNoAnswer(code ?? '', message ?? messageOf(error));
  }
}

/** What is wrong with an answer; undefined: nothing. */
export function judgeAnswer(
  { status, body, headers }: HealthCheck,
  answer: Pick<Response, 'status' | 'headers'>,
  text: string,
): string | undefined {
  const isStatus =
    status === undefined ? answer.status >= 200 && answer.status < 300 : answer.status === status;
  if (!isStatus) return `it answered ${answer.status}${status ? `, not ${status}` : ''}`;
  const missing = body.find((part) => !text.includes(part));
  if (missing !== undefined) return `its answer does not contain "${missing}"`;
  const [name] =
    Object.entries(headers).find(([key, part]) => !answer.headers.get(key)?.includes(part)) ?? [];
  return name && `its header ${name} is "${answer.headers.get(name) ?? ''}", not "${headers[name]}"`;
}
