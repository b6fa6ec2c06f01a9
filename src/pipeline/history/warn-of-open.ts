import { findHolder, findLock } from '../../plan/records/lock.ts';
import type { Log } from '../../shared/log.ts';
import type { SwarmRecord } from '../../shared/swarm.ts';
import { describeInterruption, type Interruption, isSettled, tellInterruptions } from './interruptions.ts';

/** Says that a run was killed. One whose lock is there may be alive: nobody waits here to see a sign of it. */
export function warnOfOpen(log: Log, records: readonly SwarmRecord[]): void {
  const lock = findLock(records);
  const since = lock && findHolder(lock)?.since;
  const tell = (one: Interruption) => {
    if (one.intent.since === since)
      return `${describeInterruption(one, 'is')}, or was killed there: \`waggle status\` looks which`;
    const asked = isSettled(one) ? '' : ': `waggle deploy` asks how to settle it';
    return `${describeInterruption(one)}${asked}`;
  };
  for (const line of tellInterruptions(records, tell)) log.warn(line);
}
