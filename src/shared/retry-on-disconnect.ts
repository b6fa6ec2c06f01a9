import { AsyncLocalStorage } from 'node:async_hooks';
import pRetry from 'p-retry';
import { ConnectionLost } from './errors.ts';

const RETRIES = 4;
/** Of whoever asked for what is done again, however deep below it. */
const guards = new AsyncLocalStorage<() => Promise<void>>();

/** Does once more what a connection that dropped cut off. Only for what does no harm when it is done twice. */
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

/** What `run` does is done once more only after `guard`: a silent connection is given up only after half a minute. */
export function guarded<T>(guard: () => Promise<void>, run: () => Promise<T>): Promise<T> {
  return guards.run(guard, run);
}
