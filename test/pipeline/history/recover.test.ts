import { expect, test } from 'vitest';
import { Journal } from '../../../src/pipeline/history/journal.ts';
import { recover } from '../../../src/pipeline/history/recover.ts';
import { storeRecord } from '../../../src/pipeline/history/store.ts';
import type { Restoring } from '../../../src/pipeline/step.ts';
import { parseReleases, renderRelease } from '../../../src/plan/records/release-record.ts';
import { release } from '../../fakes/inputs.ts';
import { fakeRecords, releaseRecord } from '../../fakes/records.ts';
import { service } from '../../fakes/swarm.ts';

const before = { services: [], networks: [], taskIds: new Set<string>(), running: new Map() };

/** A run that was killed, and the terminal that the next one is on. */
async function killed(answer?: string) {
  const records = fakeRecords();
  await storeRecord(records, renderRelease(releaseRecord(1)));
  const intent = { id: 'v2_20261122000000', who: 'ada@laptop', since: 'noon', before, objects: [] };
  const journal = await Journal.open(records, 'shop', intent);
  const swarm = { ...records, readServices: async () => [service('shop_api')], readNetworks: async () => [] };
  const read = { ...release(), stack: 'shop' };
  const log = { info: () => {}, warn: () => {} };
  const ask = async () => answer;
  const scripts: string[] = [];
  const run = async (script: string) => {
    scripts.push(script);
    return { exitCode: 0, stdout: '', stderr: '' };
  };
  const acting = { release: read, tools: { swarm, log, ask, remote: { run } } } as unknown as Restoring;
  const all = () => records.readRecords('shop');
  return { acting, all, records, journal, scripts };
}

/** After its release had been found healthy. */
async function killedWhenHealthy() {
  const { journal, ...rest } = await killed();
  journal.healthy();
  return rest;
}

test('a healthy release whose record was not written yet is put on record, and nobody is asked', async () => {
  const { acting, all } = await killedWhenHealthy();
  const { hasChanged } = await recover(acting, { records: await all() }, undefined);
  expect(hasChanged).toBe(true);
  const found = parseReleases(await all());
  expect(found.map(({ number, tag, result, who }) => [number, tag, result, who])).toEqual([
    [1, 'v1', 'deployed', 'ada@laptop'],
    [2, 'v2', 'adopted', 'ada@laptop'],
  ]);
  expect((await all()).length, 'the journal is gone').toBe(2);
});

test('one whose record was written is not put on record again', async () => {
  const { acting, all, records } = await killedWhenHealthy();
  await storeRecord(records, renderRelease(releaseRecord(2, { id: 'v2_20261122000000' })));
  await recover(acting, { records: await all() }, undefined);
  expect(parseReleases(await all()).map(({ result }) => result)).toEqual(['deployed', 'deployed']);
  expect((await all()).length).toBe(2);
});

test.each([
  ['nobody to ask', undefined],
  ['no choice', ''],
  ['none of the choices', 'yes'],
])('with %s nothing becomes of a run that was killed', async (_what, answer) => {
  const { acting, all } = await killed(answer);
  const was = await all();
  await expect(recover(acting, { records: was }, undefined)).rejects.toMatchObject({ code: 'INTERRUPTED' });
  expect(await all()).toEqual(was);
});

test('the answer on a terminal says what becomes of it', async () => {
  const { acting, all, scripts } = await killed('adopt\n');
  expect((await recover(acting, { records: await all() }, undefined)).hasChanged).toBe(true);
  expect(parseReleases(await all()).map(({ result }) => result)).toEqual(['deployed', 'adopted']);
  expect(scripts.join(), 'what it may have left running is ended').toContain('flock');
  const other = await killed('resume');
  const { learned } = await recover(other.acting, { records: await other.all() }, undefined);
  expect(learned.interruptions?.length).toBe(1);
});
