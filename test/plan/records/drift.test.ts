import { expect, test } from 'vitest';
import { PHASE_LABEL } from '../../../src/plan/labels.ts';
import { readRunning } from '../../../src/plan/records/find-release.ts';
import { planDrift } from '../../../src/plan/records/plan-drift.ts';
import {
  parseReleases,
  type ReleaseRecord,
  renderRelease,
} from '../../../src/plan/records/release-record.ts';
import type { ServiceSpec } from '../../../src/shared/service-spec.ts';
import { failedRecord, releaseRecord, storedAs } from '../../fakes/records.ts';
import { network, service } from '../../fakes/swarm.ts';

const onRecord = (...releases: ReleaseRecord[]) => releases.flatMap((one) => storedAs(renderRelease(one)));
const spec = (replicas: number, change: Partial<ServiceSpec> = {}): ServiceSpec => ({
  Name: 'shop_api',
  Mode: { Replicated: { Replicas: replicas } },
  ...change,
});
const live = (...specs: ServiceSpec[]) => ({
  services: specs.map((one) => service(one.Name, { spec: one })),
  networks: [network('shop_net', { id: 'now' })],
});
const on = (Target: string) => spec(2, { TaskTemplate: { Networks: [{ Target }] } });
const records = onRecord(releaseRecord(1, { services: [spec(2)] }), failedRecord(2));
const JOURNAL = { stack: 'shop', name: 'shop.waggle.j.1', labels: {}, value: {} } as const;

test.each([
  ['nothing', records, live(spec(2)), []],
  ['a service that was scaled', records, live(spec(3)), ['shop_api: replicas 2 -> 3']],
  [
    'one that was added, one that is gone',
    records,
    live(spec(2, { Name: 'x' })),
    ['shop_api: is gone', 'x: is new'],
  ],
  [
    'a job of the release phase is none',
    records,
    live(spec(2), spec(1, { Name: 'j', Labels: { [PHASE_LABEL]: 'release' } })),
    [],
  ],
  [
    'a network that was made anew is none',
    onRecord(releaseRecord(1, { services: [on('was')], networks: [network('shop_net', { id: 'was' })] })),
    live(on('now')),
    [],
  ],
  [
    'it is on another network',
    onRecord(releaseRecord(1, { services: [on('was')], networks: [network('shop_old', { id: 'was' })] })),
    live(on('now')),
    ['shop_api: network now added: {}', 'shop_api: network was removed: {}'],
  ],
  ['nothing is on record', [], live(spec(3)), []],
  ['a run is half way', [...records, ...storedAs(JOURNAL)], live(spec(3)), []],
])('changed by hand: %s', (_what, known, services, expected) => {
  expect(planDrift(known, services, { settings: { KEEP_LIVE_SCALE: false }, templates: [] })).toEqual(
    expected,
  );
});

test('replicas are no drift where they are to be kept as they are', () => {
  expect(planDrift(records, live(spec(3)), { settings: { KEEP_LIVE_SCALE: true }, templates: [] })).toEqual(
    [],
  );
  const other = spec(3, { Labels: { a: '1' } });
  expect(planDrift(records, live(other), { settings: { KEEP_LIVE_SCALE: true }, templates: [] })).toEqual([
    expect.stringContaining('label'),
  ]);
});

test('the newest that was not put back runs, however it came to', () => {
  const adopted = releaseRecord(3, { result: 'adopted' });
  const unknown = releaseRecord(4, { result: 'HEALTH_UNKNOWN' });
  expect(readRunning(records)?.number).toBe(1);
  expect(readRunning(onRecord(...parseReleases(records), adopted))?.number).toBe(3);
  expect(readRunning(onRecord(adopted, unknown, failedRecord(5)))?.number).toBe(4);
  expect(readRunning([])).toBeUndefined();
});
