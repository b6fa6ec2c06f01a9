import { expect, test, vi } from 'vitest';
import { settleDrift } from '../../../src/pipeline/history/settle-drift.ts';
import { storeRecord } from '../../../src/pipeline/history/store.ts';
import type { Holder } from '../../../src/plan/records/lock.ts';
import { ON_DRIFT, type OnDrift } from '../../../src/plan/records/on-drift.ts';
import { parseReleases, renderRelease } from '../../../src/plan/records/release-record.ts';
import { heldCluster } from '../../fakes/held-cluster.ts';
import { release } from '../../fakes/inputs.ts';
import { fakeRecords, releaseRecord } from '../../fakes/records.ts';
import { facts, service } from '../../fakes/swarm.ts';

const read = { ...release(), tag: 'v1', id: 'v1_20261121215449' };
const holder: Holder = {
  ...{ id: 'a', who: 'eve@laptop', what: 'deploy', isPerson: false },
  since: '2026-11-21T21:54:49.756Z',
};

/** Somebody changed what the first release had made; now the same tag is deployed, in the second in which it is found. */
async function settled(wanted: OnDrift, drift = ['shop_api: replicas 2 -> 3']) {
  const records = fakeRecords();
  await storeRecord(records, renderRelease(releaseRecord(1)));
  const swarm = { ...records, readServices: async () => [service('shop_api')], readNetworks: async () => [] };
  const log = { info: vi.fn(), warn: vi.fn() };
  const acting = { release: read, tools: { cluster: heldCluster, swarm, log }, holder } as never;
  const known = facts({ records: await records.readRecords('shop') });
  const now = await settleDrift(acting, { facts: known, plan: { drift } }, wanted);
  return { log, known, now, releases: parseReleases(now.records) };
}

test('overwritten: it is said, and nothing else is done', async () => {
  const { log, known, now } = await settled('overwrite');
  expect(log.warn).toHaveBeenCalledExactlyOnceWith('changed by hand since r1: shop_api: replicas 2 -> 3');
  expect(now).toBe(known);
});

test('stopped: each line is told, and every other choice', async () => {
  await expect(settled('stop')).rejects.toMatchObject({
    code: 'DRIFTED',
    details: ['shop_api: replicas 2 -> 3'],
    hint: expect.stringContaining('--on-drift=adopt'),
  });
  const { log } = await settled('stop', []);
  expect(log.warn).not.toHaveBeenCalled();
  expect(Object.keys(ON_DRIFT)).toEqual(['overwrite', 'adopt', 'stop']);
});

test('adopted: it is a release of its own, whose id is not that of the one that comes', async () => {
  const { releases } = await settled('adopt');
  expect(releases.map(({ number, tag, result, who }) => [number, tag, result, who])).toEqual([
    [1, 'v1', 'deployed', 'ada@laptop'],
    [2, 'v1', 'adopted', 'eve@laptop'],
  ]);
  expect(releases[1]?.id).toBe('v1_20261121215448');
});
