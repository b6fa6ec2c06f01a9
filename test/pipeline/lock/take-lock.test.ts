import { expect, test, vi } from 'vitest';
import { newLock, takeLock, type Wanting } from '../../../src/pipeline/lock/take-lock.ts';
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
  await expect(takeLock({ ...wanting, signal: stop.signal } as unknown as Wanting)).rejects.toBe(reason);
  expect(records.all.size).toBe(1);
});
