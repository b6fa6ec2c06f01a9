import pRetry from 'p-retry';
import { codeOf } from './errors.ts';

/** For so long a manager may not answer, or refuse: its engine restarts, or another leader is elected. */
const PATIENCE_MS = 60_000;

/** Tries until it succeeds, for a minute, whatever the failure, but for a lock that is lost; only for what may be done twice. */
export function patiently<T>(
  attempt: () => Promise<T>,
  { onFirstFailure, signal }: { readonly onFirstFailure: () => void; readonly signal?: AbortSignal },
): Promise<T> {
  const end = performance.now() + PATIENCE_MS;
  return pRetry(() => attempt(), {
    retries: Number.POSITIVE_INFINITY,
    minTimeout: 200,
    maxTimeout: 2_000,
    shouldRetry: ({ error }) => performance.now() < end && codeOf(error) !== 'LOCK_LOST',
    onFailedAttempt: ({ attemptNumber }) => {
      // What is under way when the run is stopped fails for that reason, too.
      if (attemptNumber === 1 && !signal?.aborted) onFirstFailure();
    },
    ...(signal && { signal }),
  });
}
