import { expect, test } from 'vitest';
import { Journal } from '../../../src/pipeline/history/journal.ts';
import type { JournalEntry } from '../../../src/pipeline/history/journal-entry.ts';
import { isIdTaken } from '../../../src/plan/records/is-id-taken.ts';
import { renderRelease } from '../../../src/plan/records/release-record.ts';
import { release } from '../../fakes/inputs.ts';
import { failedRecord, fakeRecords, releaseRecord, storedAs } from '../../fakes/records.ts';
import { EMPTY_SNAPSHOT } from '../../fakes/swarm.ts';

const read = release();
const none = { records: [], secrets: [], configs: [] };
const records = (id: string) => ({ ...none, records: storedAs(renderRelease(releaseRecord(1, { id }))) });
const failed = { ...none, records: storedAs(renderRelease({ ...failedRecord(1), id: read.id })) };
const object = (name: string) => ({ id: name, name, labels: {}, createdAt: '' });

async function interrupted(id: string) {
  const swarm = fakeRecords();
  const intent: JournalEntry = {
    id,
    who: 'ada',
    since: 'noon',
    before: EMPTY_SNAPSHOT,
    objects: [],
    templates: [],
  };
  await Journal.open(swarm, read.stack, intent);
  return { ...none, records: await swarm.readRecords(read.stack) };
}

test('the id of a run is its own: not that of a release, of an open journal, nor in the name of a secret', async () => {
  const [{ newName = '' } = {}] = read.objects;
  expect(newName).toContain('secret_key');
  expect(isIdTaken(read, none)).toBe(false);
  expect(isIdTaken(read, records('v1_20260413115959'))).toBe(false);
  expect(isIdTaken(read, records(read.id))).toBe(true);
  expect(isIdTaken(read, failed)).toBe(true);
  expect(isIdTaken(read, { ...none, secrets: [object(newName)] })).toBe(true);
  expect(isIdTaken(read, { ...none, configs: [object(newName)] }), 'another kind').toBe(false);
  expect(isIdTaken(read, await interrupted('v1_20260413115959'))).toBe(false);
  expect(isIdTaken(read, await interrupted('v9_20260413120000'))).toBe(true);
});
