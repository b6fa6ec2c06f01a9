import type { HealthCheck } from '../config/parse-health.ts';
import { type HttpAnswer, MOST_BYTES } from '../shared/http.ts';
import { type Answer, explainNoAnswer } from './explain-no-answer.ts';
import { findMissing } from './find-missing.ts';
import { followRedirects } from './follow-redirects.ts';

export interface AskOptions {
  readonly timeoutMs: number;
  /** That has to answer; undefined: nobody knows which it is. */
  readonly version: string | undefined;
}

/** Asks once. Follows redirects: where they lead is part of the answer, so every failure after one is a bad answer. */
export async function ask(check: HealthCheck, asking: AskOptions, signal: AbortSignal): Promise<Answer> {
  let at = check.url;
  const answer = await askThrough(check, asking, signal, (url) => {
    at = url;
  });
  if (answer.kind === 'well' || at === check.url) return answer;
  return { kind: 'ill', why: `redirected to ${at}, ${answer.why}` };
}

async function askThrough(
  check: HealthCheck,
  { timeoutMs, version }: AskOptions,
  signal: AbortSignal,
  onRedirect: (url: string) => void,
): Promise<Answer> {
  try {
    const authorization = `Basic ${check.login?.reveal().toString('base64')}`;
    const headers = check.login ? { authorization } : {};
    const answer = await followRedirects(check.url, { headers, timeoutMs, signal }, onRedirect);
    const why = judgeAnswer(check, version, answer);
    return why === undefined ? { kind: 'well' } : { kind: 'ill', why };
  } catch (error) {
    if ((error as Error).name === 'TimeoutError')
      return { kind: 'ill', why: `no answer within ${timeoutMs / 1000} s` };
    return explainFailures(error instanceof AggregateError ? error.errors : [error as Error]);
  }
}

/** One of each address of the host: an address that this machine has no way to says nothing of the others. */
function explainFailures(errors: readonly NodeJS.ErrnoException[]): Answer {
  const answers = errors.map(({ code = '', message }) => explainNoAnswer(code, message));
  return answers.find(({ kind }) => kind === 'ill') ?? (answers[0] as Answer);
}

/** What is wrong with an answer; undefined: nothing. */
function judgeAnswer(
  { status, body, headers }: HealthCheck,
  version: string | undefined,
  { status: seen, header, text, isWhole }: HttpAnswer,
): string | undefined {
  const isStatus = status === undefined ? seen >= 200 && seen < 300 : seen === status;
  if (!isStatus) return `it answered ${seen}${status ? `, not ${status}` : ''}`;
  const part = isWhole ? 'its answer does' : `the first ${MOST_BYTES / 1e6} MB of its answer do`;
  for (const expected of body) {
    const missing = findMissing(text, expected, version);
    if (missing !== undefined) return `${part} not contain "${missing}"`;
  }
  for (const [name, expected] of Object.entries(headers)) {
    const value = header(name);
    const missing = findMissing(value, expected, version);
    if (missing !== undefined) return `its header ${name} is "${value}", not "${missing}"`;
  }
  return undefined;
}
