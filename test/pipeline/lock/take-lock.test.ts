import { expect, test, vi } from 'vitest';
import { newLock, type TakeLockOptions, takeLock } from '../../../src/pipeline/lock/take-lock.ts';
import type { Holder } from '../../../src/plan/records/lock.ts';
import { DeployError } from '../../../src/shared/errors.ts';
import { fakeRecords } from '../../fakes/records.ts';

const holder = (id: string, isPerson: boolean): Holder => ({
  ...{ id, isPerson, who: id },
  since: 'noon',
  what: 'deploy v1',
});

test('whoever waits for the lock can be stopped, and is told why', async () => {
  const records = fakeRecords();
  await records.createRecord(newLock('shop', holder('ada', true)));
  const stop = new AbortController();
  const swarm = { ...records, readManager: async () => ({ isManager: true, problem: '' }) };
  const log = { info: vi.fn(() => stop.abort(reason)), warn: vi.fn(), error: vi.fn() };
  const reason = new DeployError('CANCELLED', 'stopped by SIGINT');
  const wanting = { swarm, stack: 'shop', holder: holder('eve', false), isPatient: true, log };
  await expect(takeLock({ ...wanting, signal: stop.signal } as unknown as TakeLockOptions)).rejects.toBe(
    reason,
  );
  expect(records.all.size).toBe(1);
});

test("a config of somebody else that has the lock's name is told by its name", async () => {
  const taken = { ...fakeRecords(), createRecord: async () => undefined };
  const swarm = { ...taken, readManager: async () => ({ isManager: true, problem: '' }) };
  const wanting = { swarm, stack: 'shop', holder: holder('eve', false), isPatient: true };
  const { signal } = new AbortController();
  await expect(takeLock({ ...wanting, signal } as unknown as TakeLockOptions)).rejects.toMatchObject({
    code: 'LOCKED',
    message: expect.stringContaining('shop.waggle.lock, a config that Waggle did not write'),
    hint: expect.stringContaining('docker config inspect shop.waggle.lock'),
  });
});

test.each([true, false])(
  'a run that a hook of the holder starts is refused at once, patient: %s',
  async (isPatient) => {
    const records = fakeRecords();
    await records.createRecord(newLock('shop', holder('ada', false)));
    const swarm = { ...records, readManager: async () => ({ isManager: true, problem: '' }) };
    const wanting = { swarm, stack: 'shop', holder: holder('eve', false), isPatient, parent: 'ada' };
    const signal = AbortSignal.timeout(400);
    await expect(takeLock({ ...wanting, signal } as unknown as TakeLockOptions)).rejects.toMatchObject({
      code: 'LOCKED',
      message: expect.stringContaining('hook'),
    });
  },
);
