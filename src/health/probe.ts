import pRetry from 'p-retry';
import { DeployError, messageOf } from '../shared/errors.ts';
import type { Log } from '../shared/log.ts';

const ATTEMPTS = 10;
const PAUSE_MS = 2_000;
const ANSWER_MS = 5_000;

/** Asks the URL until it answers 2xx, a bounded number of times. Redirects are followed. */
export async function probe(url: string, log: Log, signal: AbortSignal): Promise<void> {
  const options = { retries: ATTEMPTS - 1, factor: 1, minTimeout: PAUSE_MS, signal };
  const reason = await pRetry(async (attempt) => {
    const problem = await ask(url, signal);
    if (problem === undefined) return undefined;
    log.info(`attempt ${attempt} of ${ATTEMPTS}: ${problem}`);
    throw new Error(problem);
  }, options).catch(messageOf);
  signal.throwIfAborted();
  if (reason === undefined) return;
  throw new DeployError('UNHEALTHY', `${url} is not healthy: ${reason} (${ATTEMPTS} attempts)`, {
    hint: 'all tasks run, but the new version does not answer as it should',
  });
}

/** What is wrong with the answer; undefined when it is well. p-retry cannot end an attempt that hangs: this can. */
async function ask(url: string, signal: AbortSignal): Promise<string | undefined> {
  try {
    const response = await fetch(url, { signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_MS)]) });
    await response.body?.cancel();
    return response.ok ? undefined : `it answered ${response.status}`;
  } catch (error) {
    const cause = (error as { cause?: unknown }).cause ?? error;
    return `no answer: ${messageOf(cause)}`;
  }
}
