import type { HealthCheck } from '../config/parse-health.ts';
import { messageOf } from '../shared/errors.ts';
import { type Answer, explainNoAnswer } from './explain-no-answer.ts';
import { findMissing } from './find-missing.ts';
import type { Gate } from './gate.ts';

/** Asks once. Redirects are followed. */
export async function ask(
  check: HealthCheck,
  { timeoutMs, version }: Pick<Gate, 'timeoutMs' | 'version'>,
  signal: AbortSignal,
): Promise<Answer> {
  try {
    const bound = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
    const authorization = `Basic ${check.login?.reveal().toString('base64')}`;
    const headers = check.login ? { authorization } : {};
    const response = await fetch(check.url, { headers, signal: bound });
    const why = judgeAnswer(check, version, response, await response.text());
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
