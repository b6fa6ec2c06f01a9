import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { planRecordStatus } from '../../../src/pipeline/daily/status.ts';
import { findInterruptions, judgeInterruptions } from '../../../src/pipeline/history/interruptions.ts';
import { RECORD_LABEL } from '../../../src/plan/labels.ts';
import {
  findBefore,
  findBeforeOf,
  findReadableRunning,
  findRelease,
  readRunning,
} from '../../../src/plan/records/find-release.ts';
import { judgeAudit } from '../../../src/plan/records/judge-audit.ts';
import { judgeRollback } from '../../../src/plan/records/judge-rollback.ts';
import { findHolder, findLock, parseLock, renderLock } from '../../../src/plan/records/lock.ts';
import { planDrift } from '../../../src/plan/records/plan-drift.ts';
import { planPruneReleases } from '../../../src/plan/records/plan-prune-releases.ts';
import {
  lastHash,
  nextNumber,
  parseHistory,
  parseRelease,
  type ReleaseRecord,
  renderRelease,
} from '../../../src/plan/records/release-record.ts';
import { renderOneRelease, renderReleases } from '../../../src/plan/records/render-releases.ts';
import { orphansOf } from '../../../src/plan/records/stored.ts';
import { renderHtml } from '../../../src/plan/report/render-html.ts';
import type { SwarmRecord } from '../../../src/shared/swarm.ts';
import { releaseRecord, storedAs } from '../../fakes/records.ts';
import { facts, service } from '../../fakes/swarm.ts';

const PIECES = 'com.waggle.pieces';
const kept = (...releases: readonly ReleaseRecord[]) =>
  releases.flatMap((one) => storedAs(renderRelease(one)));
const packed = (text: string) => ({ data: gzipSync(text) });
const says = (change: object) => packed(JSON.stringify({ ...releaseRecord(2), ...change }));

/** r1, r2, r3, of which r2 is another than Waggle wrote. */
function withDamaged(change: Partial<SwarmRecord>, number = 2): readonly SwarmRecord[] {
  return kept(releaseRecord(1), releaseRecord(2), releaseRecord(3)).map((record) =>
    record.name === `shop.waggle.r${number}` ? { ...record, ...change } : record,
  );
}
const pieces = (value: string) => ({ labels: { [RECORD_LABEL]: 'shop', [PIECES]: value } });

const DAMAGES: readonly (readonly [string, Partial<SwarmRecord>])[] = [
  ['{}', packed('{}')],
  ['null', packed('null')],
  ['a list', packed('[]')],
  ['invalid JSON', packed('{"number":')],
  ['nothing', { data: Buffer.of() }],
  ['not packed', { data: Buffer.from('{}') }],
  ['cut off', { data: gzipSync(JSON.stringify(releaseRecord(2))).subarray(0, -9) }],
  ['no number of pieces', { labels: { [RECORD_LABEL]: 'shop' } }],
  ...['Infinity', '-1', '0', '2', '1.0', '9007199254740993', ''].map(
    (value) => [`${value || 'no'} pieces`, pieces(value)] as const,
  ),
  ['another number', says({ number: 7 })],
  ['another stack', says({ stack: 'shop2' })],
  ['no services', says({ services: null })],
  ['a service that is null', says({ services: [null] })],
  ['a service without a name', says({ services: [{}] })],
  [
    'secrets that are text',
    says({ services: [{ Name: 'a', TaskTemplate: { ContainerSpec: { Secrets: 'x' } } }] }),
  ],
  ['networks of another kind', says({ networks: [1] })],
  ['log entries that are null', says({ told: [null] })],
  ['a log entry of no kind', says({ told: [{ at: 1, level: 'info', text: '', event: { task: 1 } }] })],
];

const unreadable = (name = 'shop.waggle.r2') =>
  expect.objectContaining({
    code: 'AUDIT_FAILED',
    message: expect.stringContaining(name),
    hint: expect.stringContaining(`docker config rm ${name}`),
  });

test.each(DAMAGES)(
  'a record that holds %s is named, and what needs no such record works',
  (_what, change) => {
    const records = withDamaged(change);
    const history = parseHistory(records);
    expect(history.releases.map(({ number }) => number)).toEqual([1, 3]);
    expect(() => findRelease(history, 'r2')).toThrow(unreadable());
    expect(() => findBefore(history)).toThrow(unreadable());
    expect(findRelease(history, 'r1').number).toBe(1);
    expect(findBeforeOf(history, releaseRecord(3))).toBeUndefined();
    expect(findBeforeOf(history, releaseRecord(2))?.number).toBe(1);
    expect(readRunning(records)?.number).toBe(3);
    expect(nextNumber(records)).toBe(4);
    expect(lastHash(records)).toBe(lastHash(kept(releaseRecord(3))));
    expect(planDrift(records, facts(), { settings: { KEEP_LIVE_SCALE: false }, templates: [] })).toEqual([
      'shop_api: is gone',
    ]);
    expect(planRecordStatus(records, false)).toMatchObject({
      release: { number: 3 },
      unreadable: [expect.stringContaining('docker config rm shop.waggle.r2')],
    });
    const [fate] = planPruneReleases(records, 1).filter(({ head }) => head.name === 'shop.waggle.r2');
    expect(fate?.why).toBeTruthy();
  },
);

test.each(DAMAGES)('the newest that holds %s is named by all that needs it', (_what, change) => {
  const records = withDamaged(change, 3);
  expect(() => readRunning(records)).toThrow(unreadable('shop.waggle.r3'));
  expect(() => planDrift(records, facts(), { settings: { KEEP_LIVE_SCALE: false }, templates: [] })).toThrow(
    unreadable('shop.waggle.r3'),
  );
  expect(() => findBefore(parseHistory(records))).toThrow(unreadable('shop.waggle.r3'));
  expect(findReadableRunning(records)).toBeUndefined();
  const status = planRecordStatus(records, false);
  expect(status).not.toHaveProperty('release');
  expect(status.unreadable).toHaveLength(1);
});

test('several are named in one command', () => {
  const records = withDamaged(packed('{}')).map((record) =>
    record.name === 'shop.waggle.r1' ? { ...record, ...packed('null') } : record,
  );
  expect(() => findBefore(parseHistory(records))).toThrow(
    expect.objectContaining({
      details: [expect.stringContaining('r1'), expect.stringContaining('r2')],
      hint: expect.stringContaining('docker config rm shop.waggle.r1 shop.waggle.r2'),
    }),
  );
});

/** Everything that takes a record apart. */
function useAll(record: ReleaseRecord): void {
  renderReleases([record]);
  renderOneRelease(record);
  renderHtml(record, record);
  judgeRollback(record, facts());
  const live = facts({ services: [service('shop_api')] });
  planDrift(kept(record), live, { settings: { KEEP_LIVE_SCALE: true }, templates: [] });
}

const event = {
  task: 'shop_api.1',
  service: 'shop_api',
  taskId: 't',
  node: 'm1',
  state: 'running',
  spec: 'new',
};
/** What a spec says of a file: not in the type, as Waggle only hands it on. */
const File: object = { Name: 'x', UID: '0', GID: '0', Mode: 0o444 };
const WHOLE: ReleaseRecord = releaseRecord(2, {
  ...{ plan: ['~ api'], details: ['x'], note: 'scale', rollbackTo: 1 },
  told: [{ at: 1, level: 'info', text: 'x', event } as never],
  services: [
    {
      Name: 'shop_api',
      Labels: { a: 'b' },
      Mode: { Replicated: { Replicas: 1 } },
      EndpointSpec: {
        Ports: [{ Protocol: 'tcp', TargetPort: 80, PublishedPort: 8080, PublishMode: 'host' }],
      },
      TaskTemplate: {
        ContainerSpec: {
          ...{
            Image: 'r.io/a:1',
            Env: ['A=b'],
            Command: ['sh'],
            Args: ['x'],
            Mounts: [{ Type: 'volume', Target: '/data' }],
            Labels: { a: 'b' },
          },
          Secrets: [{ SecretID: 's1', SecretName: 'key_v1', ...{ File } }],
          Configs: [{ ConfigID: 'c1', ConfigName: 'app_v1', ...{ File } }],
        },
        Networks: [{ Target: 'n1', Aliases: ['api'] }],
        Placement: { Constraints: ['node.role==manager'] },
      },
    },
  ],
});

/** Every place in a value. */
function placesIn(value: unknown, path: readonly string[] = []): readonly (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([key, child]) => placesIn(child, [...path, key]))];
}

function replaced(value: unknown, [key, ...rest]: readonly string[], by: unknown): unknown {
  if (key === undefined) return by;
  const copy = structuredClone(value) as Record<string, unknown>;
  copy[key] = replaced(copy[key], rest, by);
  return copy;
}

test('whatever stands at whatever place of a record, it is read or named', () => {
  const places = placesIn(JSON.parse(JSON.stringify(WHOLE)));
  const odd = fc.oneof(
    fc.jsonValue({ maxDepth: 1 }),
    fc.constantFrom(null, [], {}, [null], 'x', -1, [[]], { toString: false }),
  );
  fc.assert(
    fc.property(fc.constantFrom(...places), odd, (place, by) => {
      const [head] = storedAs(storing(replaced(WHOLE, place, by)));
      let record: ReleaseRecord;
      try {
        record = parseRelease(head as SwarmRecord, [head as SwarmRecord]);
      } catch (error) {
        expect(error).toEqual(unreadable());
        return;
      }
      useAll(record);
    }),
    { numRuns: 1_000 },
  );
});

const storing = (value: unknown) => ({ stack: 'shop', name: 'shop.waggle.r2', labels: {}, value });

const stray = (name: string, labels: Readonly<Record<string, string>> = {}): SwarmRecord => ({
  ...{ id: name, version: 1, name, data: Buffer.from('?') },
  labels: { [RECORD_LABEL]: 'shop', ...labels },
});

test.each(['lock', 'journal', 'release', 'piece'])('a stray config of kind "%s" is no record', (kind) => {
  const records = [
    ...kept(releaseRecord(1)),
    ...[
      'settings',
      'shop.waggle.x',
      'shop2.waggle.r9',
      'shop.waggle.r9x',
      'shop.waggle.r0',
      'r7',
      'shop.waggle.j.x',
    ].map((name) => stray(name, { 'com.waggle.kind': kind, 'com.waggle.number': '9' })),
  ];
  expect(findLock(records)).toBeUndefined();
  expect(judgeInterruptions(records)).toEqual([]);
  expect(parseHistory(records)).toMatchObject({ releases: [{ number: 1 }], damaged: [] });
  expect(nextNumber(records)).toBe(2);
  expect(orphansOf(records)).toEqual([]);
  expect(judgeAudit(records)).toMatchObject({ first: [1], broken: [], lost: [] });
});

test('what has the name of a record is one, whatever its labels say, and is named when it is none', () => {
  const records = [stray('shop.waggle.r9'), stray('shop.waggle.j.9'), stray('shop.waggle.lock')];
  expect(parseHistory(records).damaged).toMatchObject([{ number: 9, name: 'shop.waggle.r9' }]);
  expect(() => findInterruptions(records)).toThrow(expect.objectContaining({ code: 'INTERRUPTED' }));
  const lock = findLock(records) as SwarmRecord;
  expect(findHolder(lock)).toBeUndefined();
  expect(() => parseLock(lock)).toThrow(
    expect.objectContaining({
      code: 'LOCKED',
      hint: expect.stringContaining('docker config rm shop.waggle.lock'),
    }),
  );
});

test('the lock is the config of its name, whatever stands before it', () => {
  const holder = { id: 'a1', who: 'ada', since: 'noon', what: 'deploy', isPerson: false };
  const theirs = { id: 'e1', who: 'eve', since: 'noon', what: 'nothing', isPerson: true };
  const records = [
    stray('copy-of-lock', renderLock('shop', theirs, 0)),
    stray('shop.waggle.lock', renderLock('shop', holder, 0)),
  ];
  expect(parseLock(findLock(records) as SwarmRecord)).toEqual(holder);
});
