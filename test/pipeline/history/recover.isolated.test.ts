import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test, vi } from 'vitest';
import { findInterruptions } from '../../../src/pipeline/history/interruptions.ts';
import { ADOPTING, HEALTHY, Journal } from '../../../src/pipeline/history/journal.ts';
import type { JournalEntry } from '../../../src/pipeline/history/journal-entry.ts';
import { recover } from '../../../src/pipeline/history/recover.ts';
import { storeRecord } from '../../../src/pipeline/history/store.ts';
import { restoreTo } from '../../../src/pipeline/restore-to.ts';
import type { RestoreContext } from '../../../src/pipeline/step.ts';
import { PHASE_LABEL } from '../../../src/plan/labels.ts';
import { parseReleases, renderRelease } from '../../../src/plan/records/release-record.ts';
import { DeployError } from '../../../src/shared/errors.ts';
import { heldCluster } from '../../fakes/held-cluster.ts';
import { release } from '../../fakes/inputs.ts';
import { fakeRecords, releaseRecord } from '../../fakes/records.ts';
import { EMPTY_SNAPSHOT, service } from '../../fakes/swarm.ts';

const job = service('shop_migrate', { spec: { Name: 'shop_migrate', Labels: { [PHASE_LABEL]: 'release' } } });
const before = EMPTY_SNAPSHOT;

vi.mock('node:timers/promises', () => ({ setTimeout: vi.fn(async () => {}), setImmediate: async () => {} }));
vi.mock('../../../src/pipeline/restore-to.ts', () => ({ restoreTo: vi.fn(async () => {}) }));

/** A run that was killed, and the terminal that the next one is on. */
async function killed(answer?: string, change: Partial<JournalEntry> = {}, alive?: string) {
  const records = fakeRecords();
  await storeRecord(records, renderRelease(releaseRecord(1)));
  const intent = {
    id: 'v2_20261122000000',
    who: 'ada@laptop',
    since: 'noon',
    before,
    objects: [],
    templates: [],
    ...change,
  };
  const journal = await Journal.open(records, 'shop', intent);
  // The run was at its `docker stack deploy`.
  if (alive !== undefined) {
    journal.expect({ address: 'm1', until: new Date(Date.now() + 600_000).toISOString() });
    await journal.reach('deploy the stack');
  }
  const pushed: string[] = [];
  const swarm = {
    ...records,
    updateService: async (id: string) => void pushed.push(id),
    readServices: async () => [service('shop_api'), job],
    readNetworks: async () => [],
  };
  const read = { ...release(), stack: 'shop' };
  const { signal } = new AbortController();
  const mask = (text: string) => text;
  const log = { info: () => {}, warn: vi.fn() };
  const ask = async () => answer;
  const scripts: string[] = [];
  const run = async (script: string) => {
    scripts.push(script);
    const exitCode = statuses.shift() ?? 0;
    return { exitCode, stdout: alive, stderr: '' };
  };
  const statuses: number[] = [];
  const acting = {
    release: read,
    tools: {
      cluster: heldCluster,
      swarm,
      log,
      ask,
      signal,
      mask,
      hosts: [{ address: 'm1', remote: { run } }],
    },
  } as unknown as RestoreContext;
  const all = () => records.readRecords('shop');
  return { acting, all, records, journal, scripts, log, pushed, statuses };
}

/** After its release had been found healthy. */
async function killedWhenHealthy() {
  const { journal, ...rest } = await killed();
  await journal.reach(HEALTHY);
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
  const { acting, all, scripts } = await killed('adopt\n', {}, '');
  expect((await recover(acting, { records: await all() }, undefined)).hasChanged).toBe(true);
  expect(parseReleases(await all()).map(({ result }) => result)).toEqual(['deployed', 'adopted']);
  expect(scripts.join(), 'what it may have left running is ended').toContain('flock');
  const other = await killed('resume');
  const { outputs } = await recover(other.acting, { records: await other.all() }, undefined);
  expect(outputs.interruptions?.length).toBe(1);
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
  await journal.reach(HEALTHY);
  await recover(acting, { records: await all() }, undefined);
  const adopted = parseReleases(await all()).at(-1);
  expect(adopted?.isIrreversible).toBe(true);
  expect(adopted?.isHalfDone).toBeUndefined();
});

test('it is put on record with what it was to change, and made from', async () => {
  const { acting, all, journal } = await killed(undefined, {
    plan: ['~ api'],
    stackFile: 'services: { api }',
  });
  await journal.reach(HEALTHY);
  await recover(acting, { records: await all() }, undefined);
  expect(parseReleases(await all()).at(-1)).toMatchObject({
    plan: ['~ api'],
    stackFile: 'services: { api }',
  });
});

test('what is left half done is of no stack file of its own', async () => {
  const { acting, all } = await killed(undefined, { stackFile: 'services: { api }' });
  await recover(acting, { records: await all() }, 'adopt');
  expect(parseReleases(await all()).at(-1)?.stackFile).toBe(releaseRecord(1).stackFile);
});

test('nobody who is asked, or told, has to guess what it was to change', async () => {
  const plan = ['~ api: image 1 -> 2'];
  const { acting, all } = await killed(undefined, { plan });
  const asked = vi.spyOn(acting.tools, 'ask');
  const refused = recover(acting, { records: await all() }, undefined);
  await expect(refused).rejects.toMatchObject({ details: expect.arrayContaining(plan) });
  expect(asked.mock.calls.flat().join()).toContain('it was to change:\n~ api: image 1 -> 2');
});

test.each(['put on record', 'not put on record yet'])(
  'whoever adopts and is killed at it leaves nothing to be chosen once more: %s',
  async (which) => {
    const { acting, all, journal, records } = await killed();
    await journal.reach(ADOPTING);
    const { services } = releaseRecord(2);
    const change = { id: 'v2_20261122000000', result: 'adopted', isHalfDone: true, services };
    if (which === 'put on record') await storeRecord(records, renderRelease(releaseRecord(2, change)));
    await recover(acting, { records: await all() }, 'fail');
    const [, adopted, ...others] = parseReleases(await all());
    expect(adopted).toMatchObject({ result: 'adopted', isHalfDone: true });
    expect(others).toEqual([]);
    expect((await all()).length, 'the journal is gone').toBe(2);
  },
);

test('adopting is noted before anything is put on record', async () => {
  const { acting, all } = await killed();
  const was = await all();
  vi.spyOn(acting.tools.swarm, 'relabelRecord').mockRejectedValueOnce(new Error('no leader'));
  await expect(recover(acting, { records: was }, 'adopt')).rejects.toThrow('no leader');
  expect(await all()).toEqual(was);
  vi.spyOn(acting.tools.swarm, 'createRecord').mockRejectedValueOnce(new Error('killed'));
  await expect(recover(acting, { records: was }, 'adopt')).rejects.toThrow('killed');
  expect(findInterruptions(await all()).map(({ step }) => step)).toEqual([ADOPTING]);
});

test('one that failed and is on record as that can still be adopted', async () => {
  const { acting, all, records } = await killed();
  const failed = { id: 'v2_20261122000000', result: 'UNHEALTHY', services: [] };
  await storeRecord(records, renderRelease(releaseRecord(2, failed)));
  await recover(acting, { records: await all() }, 'adopt');
  expect(parseReleases(await all()).map(({ result }) => result)).toEqual([
    'deployed',
    'UNHEALTHY',
    'adopted',
  ]);
});

test.each([
  ['resume', undefined, [], [], false],
  ['resume', '4711 docker stack deploy', [], [45_000, 2000], true],
  ['adopt', '4711 docker stack deploy', [], [45_000, 2000], true],
  // Its manager stands still, and then goes on.
  ['resume', '', [255, 44], [45_000, 2000, 45_000, 2000, 45_000, 2000], true],
] as const)(
  '%s waits for what a command that was left had asked for, and moves every version on: %s, %o',
  async (choice, alive, answers, waits, expected) => {
    const { acting, all, pushed, statuses } = await killed(undefined, {}, alive);
    statuses.push(...answers);
    const records = await all();
    const pauses = vi.mocked(sleep);
    pauses.mockClear();
    const { hasChanged } = await recover(acting, { records }, choice);
    expect(pauses.mock.calls.map(([ms]) => ms).filter(Boolean)).toEqual(waits);
    expect(hasChanged).toBe(expected);
    expect(pushed).toHaveLength(expected ? 2 : 0);
  },
);

test('what is back but was not well before keeps nobody from going on', async () => {
  vi.mocked(restoreTo).mockRejectedValueOnce(new DeployError('RESTORE_UNHEALTHY', 'it answered 503'));
  const { acting, all, log } = await killed();
  expect((await recover(acting, { records: await all() }, 'rollback')).hasChanged).toBe(true);
  expect(log.warn).toHaveBeenCalledWith('the stack is restored, but not healthy: it answered 503');
  expect(findInterruptions(await all())).toEqual([]);
});

test('what cannot be put back stays to be put back', async () => {
  vi.mocked(restoreTo).mockRejectedValueOnce(new DeployError('RESTORE_FAILED', 'no leader'));
  const { acting, all } = await killed();
  await expect(recover(acting, { records: await all() }, 'rollback')).rejects.toThrow('no leader');
  expect(findInterruptions(await all())).toHaveLength(1);
});

test('a run that went on from another and was killed before it had taken its journal away is one', async () => {
  const { acting, all, records } = await killed();
  const other = findInterruptions(await all()).map(({ intent }) => ({ ...intent, id: 'v3_20261123000000' }));
  for (const intent of other) await Journal.open(records, 'shop', intent);
  await recover(acting, { records: await all() }, 'adopt');
  expect(findInterruptions(await all())).toEqual([]);
  expect(parseReleases(await all()).map(({ result }) => result)).toEqual(['deployed', 'adopted']);
});
