import type { PollResult } from './poll-result.ts';

/**
 * Finds the services of which a task runs for longer than `mostMs`, by this machine's clock. One that is to be shut
 * down may be on a node that is gone. Called with each look.
 */
export function overrunning(
  mostMs: number,
  now: () => number = () => performance.now(),
): (looks: readonly PollResult[]) => readonly PollResult[] {
  const since = new Map<string, number>();
  return (looks) =>
    looks.filter(({ tasks }) => {
      const running = tasks.filter(
        ({ state, desiredState }) => state === 'running' && desiredState !== 'shutdown',
      );
      for (const { id } of running) since.set(id, since.get(id) ?? now());
      return running.some(({ id }) => now() - (since.get(id) ?? 0) > mostMs);
    });
}
