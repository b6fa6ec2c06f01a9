import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { fence } from '../../../src/pipeline/lock/fence.ts';
import { Lease } from '../../../src/pipeline/lock/lease.ts';
import { newLock } from '../../../src/pipeline/lock/take-lock.ts';
import { type Holder, renderLock } from '../../../src/plan/records/lock.ts';
import type { SwarmRecord } from '../../../src/shared/swarm.ts';
import type { Tools } from '../../../src/shared/tools.ts';
import { fakeRecords } from '../../fakes/records.ts';

const holder = (id: string): Holder => ({ id, who: id, since: 'noon', what: 'deploy v1', isPerson: false });

async function scene() {
  const swarm = fakeRecords();
  const log = { info: vi.fn(), warn: vi.fn(), error: vi.fn() };
  const record = (await swarm.createRecord(newLock('shop', holder('ada')))) as SwarmRecord;
  const relabel = vi.spyOn(swarm, 'relabelRecord');
  const lease = new Lease({ swarm, stack: 'shop', holder: holder('ada'), log }, record);
  const removeService = vi.fn(async () => {});
  const tools = { swarm: { removeService }, remote: {} } as unknown as Tools;
  const change = () => fence(tools, () => lease.confirm()).swarm.removeService('s1');
  const takeOver = async () => {
    const [current] = swarm.all.values();
    await swarm.relabelRecord(current as SwarmRecord, renderLock('shop', holder('eve'), 0));
    relabel.mockClear();
  };
  return { swarm, log, relabel, lease, removeService, change, takeOver };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('a sign of life is shown every few seconds, and a change right after one asks nobody', async () => {
  const { relabel, change, removeService } = await scene();
  await vi.advanceTimersByTimeAsync(12_500);
  expect(relabel).toHaveBeenCalledTimes(3);
  await change();
  expect(relabel).toHaveBeenCalledTimes(3);
  expect(removeService).toHaveBeenCalledOnce();
});

test('one whose lock was taken over changes nothing more, and takes nothing away', async () => {
  const { swarm, change, takeOver, removeService, lease } = await scene();
  await takeOver();
  await vi.advanceTimersByTimeAsync(4_500);
  await expect(change()).rejects.toMatchObject({ code: 'LOCK_LOST' });
  expect(removeService).not.toHaveBeenCalled();
  await lease[Symbol.asyncDispose]();
  expect(swarm.all.size).toBe(1);
});

test('a machine that slept asks before its next change', async () => {
  const { change, takeOver, removeService } = await scene();
  await takeOver();
  // The steady clock stands still while a machine sleeps; no timer runs.
  vi.setSystemTime(Date.now() + 60_000);
  await expect(change()).rejects.toMatchObject({ code: 'LOCK_LOST' });
  expect(removeService).not.toHaveBeenCalled();
});

test('signs of life that fail are missed; a change must have one', async () => {
  const { relabel, change, removeService } = await scene();
  relabel.mockRejectedValue(new Error('no leader'));
  await vi.advanceTimersByTimeAsync(8_500);
  await change();
  expect(removeService).toHaveBeenCalledOnce();
  await vi.advanceTimersByTimeAsync(3_000);
  await expect(change()).rejects.toThrow('no leader');
  relabel.mockRestore();
  await change();
  expect(removeService).toHaveBeenCalledTimes(2);
});

test('it is given back, and a warning is all when it cannot be', async () => {
  const { swarm, log, lease } = await scene();
  vi.spyOn(swarm, 'removeRecord').mockRejectedValueOnce(new Error('no leader'));
  await lease[Symbol.asyncDispose]();
  expect(log.warn).toHaveBeenCalledExactlyOnceWith('the lock is not given back: no leader');
  await lease[Symbol.asyncDispose]();
  expect(swarm.all.size).toBe(0);
});
