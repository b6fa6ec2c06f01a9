import { expect, test } from 'vitest';
import { planRecordStatus } from '../../../src/pipeline/daily/status.ts';
import { Journal } from '../../../src/pipeline/history/journal.ts';
import { newLock } from '../../../src/pipeline/lock/take-lock.ts';
import { RECORD_LABEL } from '../../../src/plan/labels.ts';
import type { Holder } from '../../../src/plan/records/lock.ts';
import { renderRelease } from '../../../src/plan/records/release-record.ts';
import { fakeRecords, releaseRecord, storedAs } from '../../fakes/records.ts';
import { EMPTY_SNAPSHOT } from '../../fakes/swarm.ts';

const holder: Holder = { id: 'a1', who: 'ada@laptop', since: 'noon', what: 'deploy v2', isPerson: false };
const before = EMPTY_SNAPSHOT;

async function underWay() {
  const records = fakeRecords();
  await records.createRecord(newLock('shop', holder));
  await Journal.open(records, 'shop', {
    ...holder,
    id: 'v2_20261122000000',
    before,
    objects: [],
    templates: [],
  });
  return [...storedAs(renderRelease(releaseRecord(1))), ...records.all.values()];
}

test('one that was killed is told with what it was to change', async () => {
  const records = fakeRecords();
  const intent = {
    ...holder,
    id: 'v2_20261122000000',
    before,
    objects: [],
    templates: [],
    plan: ['~ api: image 1 -> 2'],
  };
  await Journal.open(records, 'shop', intent);
  const { runs } = planRecordStatus([...records.all.values()], false);
  expect(runs).toEqual([
    expect.stringMatching(/at: record the running stack\n {2}it was to change:\n {2}~ api: /),
  ]);
});

test('a journal that cannot be read is told, and keeps nothing else from being', () => {
  const labels = { [RECORD_LABEL]: 'shop' };
  const unreadable = { id: 'c1', version: 1, name: 'shop.waggle.j.1', labels, data: Buffer.from('?') };
  const found = planRecordStatus([...storedAs(renderRelease(releaseRecord(1))), unreadable], false);
  expect(found).toMatchObject({ release: { number: 1 } });
  expect(found.runs).toEqual([
    expect.stringContaining('shop.waggle.j.1 of a run that was interrupted cannot be read'),
  ]);
});

test('what runs, and that nobody is at it', () => {
  const records = storedAs(renderRelease(releaseRecord(1)));
  expect(planRecordStatus(records, false)).toMatchObject({ release: { number: 1, tag: 'v1' }, runs: [] });
  expect(planRecordStatus([], false)).toEqual({ runs: [], unreadable: [] });
});

test.each([
  ['a run that is under way', true, 'it is at: record the running stack'],
  [
    'one that was killed',
    false,
    'the deploy of v2_20261122000000 by ada@laptop, begun noon, was interrupted at: record the running stack',
  ],
])('%s', async (_what, isAlive, said) => {
  expect(planRecordStatus(await underWay(), isAlive)).toMatchObject({ lock: holder, runs: [said] });
});

test('a lock that does not say who holds it is named, and keeps nothing else from being shown', async () => {
  const records = await underWay();
  const damaged = records.map((record) =>
    record.name === 'shop.waggle.lock' ? { ...record, labels: { [RECORD_LABEL]: 'shop' } } : record,
  );
  const found = planRecordStatus(damaged, false);
  expect(found).not.toHaveProperty('lock');
  expect(found).toMatchObject({
    release: { number: 1 },
    unreadable: [expect.stringContaining('docker config rm shop.waggle.lock')],
  });
});
