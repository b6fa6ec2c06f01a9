import pRetry from 'p-retry';
import { DeployError } from '../shared/errors.ts';
import { REGISTRY_TROUBLE } from '../shared/registry-trouble.ts';
import type { Tools } from '../shared/tools.ts';

/** How often it is built in all, when the registry is in trouble: what was built and pushed by then is not done again. */
const ATTEMPTS = 3;
const HUNG_UP =
  '(: EOF|connection reset by peer|broken pipe|i/o timeout|TLS handshake timeout|connection refused)$';
/** Only what buildx itself failed for: a program in the build may say anything. */
const PASSING = new RegExp(`^ERROR: .*(${HUNG_UP}|${REGISTRY_TROUBLE})`);

/** Bakes until the registry has taken everything, with a pause that grows. */
export async function retryBake(
  bake: () => Promise<void>,
  { signal, log }: Pick<Tools, 'signal' | 'log'>,
): Promise<void> {
  await pRetry(bake, {
    retries: ATTEMPTS - 1,
    signal,
    shouldRetry: ({ error }) => isPassing(error),
    onFailedAttempt: ({ error, retriesLeft }) => {
      if (retriesLeft > 0 && isPassing(error))
        log.warn('the registry hung up, or is busy: building and pushing again');
    },
  });
}

function isPassing(error: Error): boolean {
  return error instanceof DeployError && error.details.some((line) => PASSING.test(line));
}
