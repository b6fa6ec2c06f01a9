import pRetry from 'p-retry';
import { codeOf } from './errors.ts';
import { unlessAborted } from './time-limit.ts';

/** A manager may be silent, or refuse, for this long: its engine restarts, or the managers elect a leader. */
const PATIENCE_MS = 60_000;

/**
 * Tries until it succeeds, for a minute, whatever the failure, but for a lock that is lost; only for what may be done
 * twice. Ends with the signal, also while an attempt waits for an answer.
 */
export function retryForMinute<T>(
  attempt: () => Promise<T>,
  { onFirstFailure, signal }: { readonly onFirstFailure: () => void; readonly signal?: AbortSignal },
): Promise<T> {
  const end = performance.now() + PATIENCE_MS;
  return pRetry(() => (signal ? unlessAborted(attempt(), signal) : attempt()), {
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
