import { AsyncLocalStorage } from 'node:async_hooks';
import pRetry from 'p-retry';
import { ConnectionLost } from './errors.ts';

const RETRIES = 4;
/** The guard of the caller whose request is retried, at any depth. */
const guards = new AsyncLocalStorage<() => Promise<void>>();

/** Retries what a dropped connection cut off. Only for requests that are safe to repeat. */
export function retryOnDisconnect<T>(attempt: () => Promise<T>): Promise<T> {
  const withGuard = async (count: number) => {
    if (count > 1) await checkGuard();
    return attempt();
  };
  return pRetry(withGuard, {
    retries: RETRIES,
    minTimeout: 200,
    shouldRetry: ({ error }) => error instanceof ConnectionLost,
  });
}

/** To be called right before a change, and before a retry: throws if the run may not change anything any more. */
export async function checkGuard(): Promise<void> {
  const guard = guards.getStore();
  if (guard) await guards.exit(guard);
}

/** Retries in `run` call `guard` first: Waggle gives up a silent connection only after half a minute. */
export function guarded<T>(guard: () => Promise<void>, run: () => Promise<T>): Promise<T> {
  return guards.run(guard, run);
}
