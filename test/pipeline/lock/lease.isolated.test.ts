import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { fence } from '../../../src/pipeline/lock/fence.ts';
import { Lease } from '../../../src/pipeline/lock/lease.ts';
import { unlock } from '../../../src/pipeline/lock/manage-lock.ts';
import { newLock } from '../../../src/pipeline/lock/take-lock.ts';
import { RECORD_LABEL } from '../../../src/plan/labels.ts';
import { FENCE_LABEL, type Holder, renderLock, TAKEN_AWAY } from '../../../src/plan/records/lock.ts';
import { ConnectionLost } from '../../../src/shared/errors.ts';
import { retryOnDisconnect } from '../../../src/shared/retry-on-disconnect.ts';
import type { Swarm, SwarmRecord } from '../../../src/shared/swarm.ts';
import type { Tools } from '../../../src/shared/tools.ts';
import { fakeRecords } from '../../fakes/records.ts';

// Fake timers do not reach these.
vi.mock('node:timers/promises', () => ({
  setTimeout: (ms: number) => new Promise((done) => setTimeout(done, ms)),
}));

const holder = (id: string): Holder => ({ id, who: id, since: 'noon', what: 'deploy v1', isPerson: false });

async function scene() {
  const swarm = fakeRecords();
  const log = { debug: vi.fn(), info: vi.fn(), warn: vi.fn(), error: vi.fn() };
  const record = (await swarm.createRecord(newLock('shop', holder('ada')))) as SwarmRecord;
  const relabel = vi.spyOn(swarm, 'relabelRecord');
  const lease = new Lease({ swarm, stack: 'shop', holder: holder('ada'), log }, record);
  const removeService = vi.fn(async () => {});
  const tools = { swarm: { ...swarm, removeService }, remote: {}, hosts: [] } as unknown as Tools;
  const fenced = fence(tools, () => lease.confirm()).swarm;
  const change = () => fenced.removeService('s1');
  const takeOver = async () => {
    const [current] = swarm.all.values();
    await swarm.relabelRecord(current as SwarmRecord, renderLock('shop', holder('eve'), 0));
    relabel.mockClear();
  };
  const { signal } = new AbortController();
  const taking = (id: string) => unlock({ swarm: swarm as unknown as Swarm, signal }, 'shop', id);
  return { swarm, log, relabel, lease, removeService, fenced, change, takeOver, taking };
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

test('a run that gives its commands up keeps the lock, and says so with every sign of life', async () => {
  const { swarm, relabel, lease, change, removeService } = await scene();
  const fenceOf = () => [...swarm.all.values()].map(({ labels }) => labels[FENCE_LABEL]);
  expect(fenceOf()).toEqual(['ada']);
  // One that is under way at that time says the contrary.
  relabel.mockImplementationOnce(async (record, labels) => {
    await new Promise((done) => setTimeout(done, 100));
    return swarm.relabelRecord(record, labels);
  });
  await vi.advanceTimersByTimeAsync(4_050);
  const giving = lease.fenceCommands();
  await vi.advanceTimersByTimeAsync(200);
  await giving;
  expect(fenceOf()).toEqual(['']);
  await vi.advanceTimersByTimeAsync(12_500);
  expect(fenceOf()).toEqual(['']);
  await change();
  expect(removeService).toHaveBeenCalledOnce();
});

test('a lock that is taken away lets no command change anything', async () => {
  expect(renderLock('shop', holder('ada'), TAKEN_AWAY)[FENCE_LABEL]).toBe('');
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

test('what a connection that dropped cut off is not done once more when the lock is gone by then', async () => {
  const { takeOver, removeService, change } = await scene();
  let attempts = 0;
  // Sent into a silent connection, which is given up much later.
  removeService.mockImplementation(() =>
    retryOnDisconnect(async () => {
      if (++attempts > 1) return;
      await takeOver();
      vi.setSystemTime(Date.now() + 40_000);
      throw new ConnectionLost('it was silent');
    }),
  );
  const changing = change().catch((error) => error);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(await changing).toMatchObject({ code: 'LOCK_LOST' });
  expect(attempts).toBe(1);
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

test('one whose lock is gone is stopped at its next sign of life, whatever it waits for', async () => {
  const { lease, takeOver } = await scene();
  await vi.advanceTimersByTimeAsync(4_500);
  expect(lease.lost.aborted).toBe(false);
  await takeOver();
  await vi.advanceTimersByTimeAsync(4_000);
  expect(lease.lost.reason).toMatchObject({ code: 'LOCK_LOST' });
});

test('a sign of life that was shown, though the manager said otherwise, is no loss', async () => {
  const { swarm, relabel, lease, change, removeService } = await scene();
  const show = swarm.relabelRecord;
  relabel.mockImplementationOnce(async (...given) => {
    relabel.mockRestore();
    await show(...given);
    throw new Error('the leader was lost');
  });
  await vi.advanceTimersByTimeAsync(13_000);
  await change();
  expect(removeService).toHaveBeenCalledOnce();
  expect(lease.lost.aborted).toBe(false);
  await lease[Symbol.asyncDispose]();
  expect(swarm.all.size).toBe(0);
});

test('it is given back, and a warning is all when it cannot be', async () => {
  const { swarm, log, lease } = await scene();
  vi.spyOn(swarm, 'removeRecord').mockRejectedValueOnce(new Error('no leader'));
  await lease[Symbol.asyncDispose]();
  expect(log.warn).toHaveBeenCalledExactlyOnceWith('the lock is not given back: no leader');
  await lease[Symbol.asyncDispose]();
  expect(swarm.all.size).toBe(0);
});

test('nor does it take a record of the history away, or change one', async () => {
  const { swarm, fenced, takeOver } = await scene();
  const labels = { [RECORD_LABEL]: 'shop' };
  const kept = (await swarm.createRecord({ name: 'r1', labels, data: Buffer.of() })) as SwarmRecord;
  await takeOver();
  await vi.advanceTimersByTimeAsync(4_500);
  await expect(fenced.removeRecord(kept.id)).rejects.toMatchObject({ code: 'LOCK_LOST' });
  await expect(fenced.relabelRecord(kept, {})).rejects.toMatchObject({ code: 'LOCK_LOST' });
  expect(await swarm.readRecords('shop')).toContainEqual(kept);
});

test.each([
  ['shows signs of life', false],
  ['cannot show any', true],
])(
  'a lock that is taken from a run that %s is free once that changes nothing more',
  async (_what, isCutOff) => {
    const { swarm, relabel, change, taking } = await scene();
    await vi.advanceTimersByTimeAsync(4_500);
    const taken = taking('ada');
    await vi.advanceTimersByTimeAsync(0);
    if (isCutOff) relabel.mockRejectedValue(new Error('no connection'));
    let wasLate = false;
    for (let ms = 0; ms < 12_000; ms += 500) {
      expect(swarm.all.size, `after ${ms} ms`).toBe(1);
      wasLate = await change().then(
        () => true,
        () => wasLate,
      );
      await vi.advanceTimersByTimeAsync(500);
    }
    expect(wasLate, 'what keeps the lock from being free at once').toBe(true);
    expect(await taken).toBe('ada, since noon: deploy v1');
    expect(swarm.all.size).toBe(0);
    await expect(change()).rejects.toThrow();
  },
);

test('who waited for a lock that is taken away keeps it', async () => {
  const { swarm, lease, taking } = await scene();
  const taken = taking('ada');
  await vi.advanceTimersByTimeAsync(1_000);
  await lease[Symbol.asyncDispose]();
  await swarm.createRecord(newLock('shop', holder('eve')));
  await vi.advanceTimersByTimeAsync(12_000);
  expect(await taken).toBe('ada, since noon: deploy v1');
  expect(swarm.all.size).toBe(1);
});

test('a lock is taken away by the name of who has it, and that of a person at once', async () => {
  const { swarm, lease, taking } = await scene();
  await expect(taking('eve')).rejects.toMatchObject({ code: 'LOCKED' });
  await lease[Symbol.asyncDispose]();
  expect(await taking('ada')).toBe('');
  await swarm.createRecord(newLock('shop', { ...holder('eve'), isPerson: true }));
  expect(await taking('eve')).toBe('eve, since noon: deploy v1');
  expect(swarm.all.size).toBe(0);
});
