import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { judgeAudit } from '../../../src/plan/records/judge-audit.ts';
import { describeHolder, type Holder, parseLock, renderLock } from '../../../src/plan/records/lock.ts';
import { packRecord, parsePacked } from '../../../src/plan/records/pack.ts';
import { planPruneReleases } from '../../../src/plan/records/plan-prune-releases.ts';
import {
  hashOf,
  lastHash,
  nextNumber,
  parseReleases,
  type ReleaseRecord,
  renderRelease,
} from '../../../src/plan/records/release-record.ts';
import { orphansOf, parseStored } from '../../../src/plan/records/stored.ts';
import type { SwarmRecord } from '../../../src/shared/swarm.ts';
import { failedRecord, releaseRecord, storedAs } from '../../fakes/records.ts';

const kept = (...releases: readonly ReleaseRecord[]) =>
  releases.flatMap((one) => storedAs(renderRelease(one)));

test('whatever is packed comes out again, in pieces that are small enough', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.integer({ min: 1, max: 40 }), (value, most) => {
      const pieces = packRecord(value, most);
      expect(pieces.every(({ length }) => length > 0 && length <= most)).toBe(true);
      expect(JSON.stringify(parsePacked(pieces))).toBe(JSON.stringify(value));
    }),
  );
});

test('what is too large for one config is several, and a piece that is gone is said', () => {
  const value = randomBytes(1_000_000).toString('base64');
  const records = storedAs({ stack: 'shop', kind: 'journal', name: 'shop.j', labels: {}, value });
  expect(records.length).toBeGreaterThan(1);
  const head = records.at(-1) as SwarmRecord;
  expect(head.name).toBe('shop.j');
  expect(parseStored(head, records)).toBe(value);
  expect(orphansOf(records)).toEqual([]);
  expect(orphansOf(records.slice(0, -1))).toEqual(records.slice(0, -1));
  expect(() => parseStored(head, records.slice(1))).toThrow('shop.j.1, a piece of a record, is gone');
});

test('a lock says who holds it', () => {
  const holder: Holder = { id: 'a1', who: 'ada@laptop', since: 'noon', what: 'deploy v3', isPerson: false };
  expect(parseLock(renderLock('shop', holder, 7))).toEqual(holder);
  expect(renderLock('shop', holder, 7)).not.toEqual(renderLock('shop', holder, 8));
  expect(describeHolder(holder)).toBe('ada@laptop, since noon: deploy v3');
});

test('releases are read oldest first, and count on from the last', () => {
  const records = kept(releaseRecord(2), releaseRecord(10), releaseRecord(9));
  expect(parseReleases(records).map(({ number }) => number)).toEqual([2, 9, 10]);
  expect(nextNumber(records)).toBe(11);
  expect(nextNumber([])).toBe(1);
});

test('each names the one before it by its hash, which changes with every byte', () => {
  const first = kept(releaseRecord(1));
  expect(lastHash([])).toBeUndefined();
  expect(lastHash(first)).toBe(hashOf(first[0] as SwarmRecord, first));
  expect(lastHash(kept(releaseRecord(1, { who: 'eve@laptop' })))).not.toBe(lastHash(first));
});

test('the newest that ran are kept, and as many that failed', () => {
  const records = kept(
    releaseRecord(1),
    releaseRecord(2),
    failedRecord(3),
    failedRecord(4),
    failedRecord(5),
    releaseRecord(6),
  );
  expect(planPruneReleases(records, 2).map(({ name }) => name)).toEqual(['shop.waggle.r1', 'shop.waggle.r3']);
  expect(planPruneReleases(records, 9)).toEqual([]);
});

test('an audit finds the record that was changed', () => {
  const first = kept(releaseRecord(3));
  const second = kept(releaseRecord(4, { previousHash: lastHash(first) }));
  expect(judgeAudit([...first, ...second])).toEqual({ sound: [4], first: [3], broken: [] });
  const forged = kept(releaseRecord(3, { who: 'eve@laptop' }));
  expect(judgeAudit([...forged, ...second])).toEqual({ sound: [], first: [3], broken: [4] });
});
