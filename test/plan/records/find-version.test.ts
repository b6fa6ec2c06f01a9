import { expect, test } from 'vitest';
import { findVersion } from '../../../src/plan/records/find-version.ts';
import { renderRelease } from '../../../src/plan/records/release-record.ts';
import { failedRecord, releaseRecord, storedAs } from '../../fakes/records.ts';
import { service } from '../../fakes/swarm.ts';

const records = [releaseRecord(1), releaseRecord(2), failedRecord(3)].flatMap((one) =>
  storedAs(renderRelease(one)),
);
const running = (image: string, name = 'shop_api') =>
  service(name, { spec: { Name: name, TaskTemplate: { ContainerSpec: { Image: image } } } });

test.each([
  ['the last release that was not put back', records, [running('r.io/api:1@sha256:aa')], 'v2'],
  ['nobody knows: nothing is on record', [], [running('r.io/api:1@sha256:aa')], undefined],
  ['nobody knows: it was given another image by hand', records, [running('r.io/api:2')], undefined],
  ['nobody knows: it was made by hand', records, [running('redis:7', 'shop_redis')], undefined],
])('the version that ran: %s', (_what, kept, services, expected) => {
  expect(findVersion(kept, services)).toBe(expected);
});
