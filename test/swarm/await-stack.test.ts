import { expect, test } from 'vitest';
import { silentLog } from '../../src/shared/recording-log.ts';
import { awaitStack, type WaitOptions } from '../../src/swarm/await-stack.ts';

/** A manager that does not answer, not even with an error. */
const never = () => new Promise<never>(() => {});
const wait = (change: Partial<WaitOptions>): WaitOptions => ({
  swarm: { readServices: never, readTasks: never, readNodes: never } as never,
  stack: 'shop',
  log: silentLog,
  signal: new AbortController().signal,
  timeoutMs: 600_000,
  progressMs: 600_000,
  isDone: () => false,
  ...change,
});

test.each([
  [{ timeoutMs: 5_500 }, 'the stack did not converge within 5.5 s: the manager does not answer'],
  [{ progressMs: 5_500 }, 'there is no progress for 5.5 s: the manager does not answer'],
])('a deadline holds while a request is open: %o', async (change, message) => {
  await expect(awaitStack(wait(change))).rejects.toMatchObject({ code: 'NOT_CONVERGED', message });
});

test('a run that is stopped does not wait for an open request', async () => {
  const stop = new AbortController();
  const waiting = awaitStack(wait({ signal: stop.signal }));
  stop.abort(new Error('stopped'));
  await expect(waiting).rejects.toThrow('stopped');
});
