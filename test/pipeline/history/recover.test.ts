import { expect, test } from 'vitest';
import { type Intent, Journal } from '../../../src/pipeline/history/journal.ts';
import { recover } from '../../../src/pipeline/history/recover.ts';
import { storeRecord } from '../../../src/pipeline/history/store.ts';
import type { Restoring } from '../../../src/pipeline/step.ts';
import { PHASE_LABEL } from '../../../src/plan/labels.ts';
import { parseReleases, renderRelease } from '../../../src/plan/records/release-record.ts';
import { release } from '../../fakes/inputs.ts';
import { fakeRecords, releaseRecord } from '../../fakes/records.ts';
import { service } from '../../fakes/swarm.ts';

const job = service('shop_migrate', { spec: { Name: 'shop_migrate', Labels: { [PHASE_LABEL]: 'release' } } });
const before = { services: [], networks: [], taskIds: new Set<string>(), running: new Map() };

/** A run that was killed, and the terminal that the next one is on. */
async function killed(answer?: string, change: Partial<Intent> = {}) {
  const records = fakeRecords();
  await storeRecord(records, renderRelease(releaseRecord(1)));
  const intent = {
    id: 'v2_20261122000000',
    who: 'ada@laptop',
    since: 'noon',
    before,
    objects: [],
    ...change,
  };
  const journal = await Journal.open(records, 'shop', intent);
  const swarm = {
    ...records,
    readServices: async () => [service('shop_api'), job],
    readNetworks: async () => [],
  };
  const read = { ...release(), stack: 'shop' };
  const log = { info: () => {}, warn: () => {} };
  const ask = async () => answer;
  const scripts: string[] = [];
  const run = async (script: string) => {
    scripts.push(script);
    return { exitCode: 0, stdout: '', stderr: '' };
  };
  const { signal } = new AbortController();
  const tools = { swarm, log, ask, signal, remote: { run } };
  const acting = { release: read, tools } as unknown as Restoring;
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

test.each([
  ['one that had no migrations', {}, undefined],
  ['one whose migrations cannot be undone', { isIrreversible: true }, true],
])('what was left half done is on record as that, without its jobs: %s', async (_what, change, expected) => {
  const { acting, all } = await killed(undefined, change);
  await recover(acting, { records: await all() }, 'adopt');
  const adopted = parseReleases(await all()).at(-1);
  expect(adopted).toMatchObject({ result: 'adopted', isHalfDone: true });
  expect(adopted?.isIrreversible).toBe(expected);
  expect(adopted?.services.map(({ Name }) => Name)).toEqual(['shop_api']);
});

test('a healthy release that is put on record late can be gone back to, and its mark is kept', async () => {
  const { acting, all, journal } = await killed(undefined, { isIrreversible: true });
  journal.healthy();
  await recover(acting, { records: await all() }, undefined);
  const adopted = parseReleases(await all()).at(-1);
  expect(adopted?.isIrreversible).toBe(true);
  expect(adopted?.isHalfDone).toBeUndefined();
});
