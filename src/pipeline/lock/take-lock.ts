import { setTimeout as sleep } from 'node:timers/promises';
import {
  describeHolder,
  findLock,
  type Holder,
  lockName,
  notALock,
  parseLock,
  renderLock,
} from '../../plan/records/lock.ts';
import { DeployError } from '../../shared/errors.ts';
import type { Log } from '../../shared/log.ts';
import type { NewRecord, SwarmReads, SwarmRecord, SwarmRecords } from '../../shared/swarm.ts';
import { requireManager } from '../gather-facts.ts';
import { Lease } from './lease.ts';

/** A run that has not renewed its lock for this long is dead. Only this machine's clock counts. */
const DEAD_AFTER_MS = 30_000;
const LOOK_EVERY_MS = 500;
/** So often in a row a lock may be there and gone a moment later. */
const MOST_MISSED = 3;

export interface TakeLockOptions {
  readonly swarm: SwarmRecords & SwarmReads;
  readonly stack: string;
  readonly holder: Holder;
  /** Wait until it is free, instead of failing. */
  readonly isPatient: boolean;
  /** The id of the run that started this one, if its hook did. */
  readonly parent?: string | undefined;
  readonly log: Log;
  readonly signal: AbortSignal;
}

/** One run for each stack in the whole cluster. Throws LOCKED, with who holds it. */
export async function takeLock(wanting: TakeLockOptions): Promise<Lease> {
  const taking = acquire(wanting);
  taking.catch(() => {}); // of no manager it would fail, with less to go by
  await requireManager(wanting.swarm);
  return taking;
}

async function acquire(wanting: TakeLockOptions): Promise<Lease> {
  const { swarm, stack, holder, isPatient, parent, log, signal } = wanting;
  const lease = (record: SwarmRecord) => new Lease({ swarm, stack, holder, log }, record);
  let said = '';
  for (let missed = 0; ; ) {
    const made = await swarm.createRecord(newLock(stack, holder));
    if (made) return lease(made);
    const found = findLock(await swarm.readRecords(stack));
    if (!found) {
      // It went just then; of something else that has its name, there is never one.
      if (++missed > MOST_MISSED) throw notALock(lockName(stack));
      await pause(signal);
      continue;
    }
    missed = 0;
    const other = parseLock(found);
    if (parent === other.id) throw lockedByParent(stack, other);
    const fate = await watch(found, wanting);
    if (fate === 'dead') {
      log.warn(`${describeHolder(other)} has not renewed its lock: taking it over`);
      const ours = await swarm.relabelRecord(found, renderLock(stack, holder, 0));
      if (ours) return lease(ours);
    }
    if (fate === 'alive' && !isPatient) throw locked(stack, other);
    if (fate === 'alive' && said !== other.id) log.info(`waiting for ${describeHolder(other)}`);
    said = other.id;
    await pause(signal);
  }
}

/** Ends at once, with the reason, when the run is to stop. */
async function pause(signal: AbortSignal): Promise<void> {
  await sleep(LOOK_EVERY_MS, undefined, { signal }).catch(() => {});
  signal.throwIfAborted();
}

export function newLock(stack: string, holder: Holder): NewRecord {
  const labels = renderLock(stack, holder, 0);
  return { name: lockName(stack), labels, data: Buffer.from('who holds it is in the labels\n') };
}

/** Polls until the holder renews the lock, or for the longest time that a live holder can be silent. */
export async function watch(
  lock: SwarmRecord,
  { swarm, stack, signal }: Pick<TakeLockOptions, 'swarm' | 'stack' | 'signal'>,
): Promise<'alive' | 'dead' | 'gone'> {
  if (parseLock(lock).isPerson) return 'alive';
  const end = performance.now() + DEAD_AFTER_MS;
  while (performance.now() < end) {
    await pause(signal);
    const now = findLock(await swarm.readRecords(stack));
    if (now?.id !== lock.id) return 'gone';
    if (now.version !== lock.version) return 'alive';
  }
  return 'dead';
}

/** To wait would never end: the parent waits for this run. */
function lockedByParent(stack: string, parent: Holder): DeployError {
  return new DeployError('LOCKED', `${stack} is locked by the run that started this hook: ${parent.what}`, {
    hint: 'remove this command from the hook, or run it after the deploy',
  });
}

export function locked(stack: string, holder: Holder): DeployError {
  return new DeployError('LOCKED', `${stack} is locked by ${describeHolder(holder)}`, {
    hint: holder.isPerson
      ? `ask them; \`waggle unlock ${holder.id}\` takes it away`
      : `wait until it is done, or start with --wait; \`waggle unlock ${holder.id}\` takes it away, and stops that run within seconds`,
  });
}
