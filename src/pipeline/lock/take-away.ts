import { setTimeout as sleep } from 'node:timers/promises';
import { findLock, parseLock, renderLock, TAKEN_AWAY } from '../../plan/records/lock.ts';
import type { SwarmRecord } from '../../shared/swarm.ts';
import type { Tools } from '../../shared/tools.ts';
import { FRESH_MS } from './lease.ts';

/** Until then a run may begin a change that it believes to be free to make; and the change is on its way for a moment. */
const GRACE_MS = FRESH_MS + 2_000;

/**
 * Tries to take the lock away. A person's goes at once. A run's is first made such that the run cannot show a sign of
 * life any more, and is free when it must have noticed; what ends meanwhile leaves a lock that is found dead.
 */
export async function takeAway(
  { swarm, signal }: Pick<Tools, 'swarm' | 'signal'>,
  stack: string,
  lock: SwarmRecord,
): Promise<void> {
  const holder = parseLock(lock);
  if (holder.isPerson) return swarm.removeRecord(lock.id);
  const marked = await swarm.relabelRecord(lock, renderLock(stack, holder, TAKEN_AWAY));
  if (!marked) return;
  await sleep(GRACE_MS, undefined, { signal }).catch(() => {});
  signal.throwIfAborted();
  const now = findLock(await swarm.readRecords(stack));
  if (now?.id === marked.id && now.version === marked.version) await swarm.removeRecord(now.id);
}
