import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { judgeAudit } from '../../../src/plan/records/judge-audit.ts';
import { describeHolder, findHolder, type Holder, renderLock } from '../../../src/plan/records/lock.ts';
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
import { judgeStored, orphansOf } from '../../../src/plan/records/stored.ts';
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
  const name = 'shop.waggle.j.1';
  const records = storedAs({ stack: 'shop', name, labels: {}, value });
  expect(records.length).toBeGreaterThan(1);
  const head = records.at(-1) as SwarmRecord;
  expect(head.name).toBe(name);
  const judge = (given: readonly SwarmRecord[]) => judgeStored(z.string(), head, given);
  expect(judge(records)).toEqual({ value });
  expect(orphansOf(records)).toEqual([]);
  expect(orphansOf(records.slice(0, -1))).toEqual(records.slice(0, -1));
  expect(judge(records.slice(1))).toEqual({ damage: { name, why: expect.any(String) } });
});

test('a lock says who holds it', () => {
  const holder: Holder = { id: 'a1', who: 'ada@laptop', since: 'noon', what: 'deploy v3', isPerson: false };
  expect(findHolder({ labels: renderLock('shop', holder, 7) })).toEqual(holder);
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
  const fates = (keep: number) => planPruneReleases(records, keep).map(({ head, why }) => [head.name, why]);
  const [ran, failed] = ['of the newest 2 that ran', 'of the newest 2 that failed'];
  expect(fates(2)).toEqual([
    ['shop.waggle.r1', undefined],
    ['shop.waggle.r2', ran],
    ['shop.waggle.r6', ran],
    ['shop.waggle.r3', undefined],
    ['shop.waggle.r4', failed],
    ['shop.waggle.r5', failed],
  ]);
  expect(fates(9).filter(([, why]) => !why)).toEqual([]);
});

test('what was left running, whatever it is called, is one that ran: it is not pruned for what failed since', () => {
  const left = releaseRecord(2, { result: 'HEALTH_UNKNOWN' });
  const records = kept(releaseRecord(1), left, failedRecord(3), failedRecord(4));
  const going = planPruneReleases(records, 1).filter(({ why }) => !why);
  expect(going.map(({ head }) => head.name)).toEqual(['shop.waggle.r1', 'shop.waggle.r3']);
  const gone = [1, 3].map((number) => `shop.waggle.r${number}`);
  expect(judgeAudit(records.filter(({ name }) => !gone.includes(name))).lost).toEqual([]);
});

test('an audit finds the record that was changed', () => {
  const first = kept(releaseRecord(3));
  const second = kept(releaseRecord(4, { previousHash: lastHash(first) }));
  expect(judgeAudit([...first, ...second])).toEqual({ sound: [4], first: [3], broken: [], lost: [] });
  const forged = kept(releaseRecord(3, { who: 'eve@laptop' }));
  expect(judgeAudit([...forged, ...second])).toEqual({ sound: [], first: [3], broken: [4], lost: [] });
});

/** As many as are written one after the other, of which some are gone since; those that failed begin with `-`. */
function history(numbers: readonly number[], gone: readonly number[]): readonly SwarmRecord[] {
  const all: SwarmRecord[] = [];
  const written = numbers.map((number) => {
    const one = {
      ...(number < 0 ? failedRecord(-number) : releaseRecord(number)),
      previousHash: lastHash(all),
    };
    const records = kept(one);
    all.push(...records);
    return { number: Math.abs(number), records };
  });
  return written.filter(({ number }) => !gone.includes(number)).flatMap(({ records }) => records);
}

test.each([
  ['all are there', [1, 2, -3, 4], [], []],
  ['the oldest were pruned', [1, -2, 3, -4, 5], [1, 2], []],
  ['the oldest that ran were pruned, none that failed', [-1, 2, 3, -4, 5, 6], [2, 3], []],
  ['the oldest that failed were pruned, none that ran', [1, -2, -3, 4, -5], [2, 3], []],
  ['one between others that ran, where none failed', [1, 2, 3, 4], [3], [3]],
  ['several between older ones of either kind', [1, -2, 3, -4, 5, 6], [3, 4, 5], [3, 4, 5]],
  ['a number that a run which was killed never finished', [1, 2, 4], [], []],
])('an audit says which are gone that were not pruned: %s', (_what, numbers, gone, lost) => {
  const found = judgeAudit(history(numbers, gone));
  expect(found.lost).toEqual(lost);
  expect(found.broken).toEqual([]);
});
