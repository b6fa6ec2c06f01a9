import pRetry from 'p-retry';
import { ConnectionLost } from './errors.ts';

const RETRIES = 4;

/** Does once more what a connection that dropped cut off. Only for what does no harm when it is done twice. */
export function again<T>(attempt: () => Promise<T>): Promise<T> {
  return pRetry(attempt, {
    retries: RETRIES,
    minTimeout: 200,
    shouldRetry: ({ error }) => error instanceof ConnectionLost,
  });
}
