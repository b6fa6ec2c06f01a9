import { expect, test } from 'vitest';
import { findBefore, findRelease } from '../../../src/plan/records/find-release.ts';
import { judgeRollback, judgeRollbackTarget } from '../../../src/plan/records/judge-rollback.ts';
import type { ReleaseRecord } from '../../../src/plan/records/release-record.ts';
import { renderOneRelease, renderReleases } from '../../../src/plan/records/render-releases.ts';
import { failedRecord, releaseRecord } from '../../fakes/records.ts';
import { facts, network } from '../../fakes/swarm.ts';

const history = (releases: readonly ReleaseRecord[]) => ({ releases, damaged: [] });

test('a list says which one runs', () => {
  expect(renderReleases([])).toBe('nothing was deployed yet');
  expect(renderReleases([releaseRecord(9), releaseRecord(10, { rollbackTo: 8 }), failedRecord(11)])).toBe(
    [
      '     result     when (UTC)        tag          took  who',
      'r11  UNHEALTHY  2026-11-21 21:54  v11          31 s  ada@laptop',
      'r10  runs       2026-11-21 21:54  v10 (as r8)  31 s  ada@laptop',
      'r9   deployed   2026-11-21 21:54  v9           31 s  ada@laptop',
    ].join('\n'),
  );
});

test('one is told in full', () => {
  const services = [
    {
      Name: 'shop_api',
      Mode: { Replicated: { Replicas: 3 } },
      TaskTemplate: { ContainerSpec: { Image: 'r.io/api:1', Secrets: [{ SecretName: 'shop_key_v1' }] } },
    },
  ];
  const event = { step: 'wait for convergence', state: 'done', ms: 12_340 } as const;
  const told = [{ at: 20_000, level: 'info', text: '', event } as const];
  expect(renderOneRelease(releaseRecord(2, { commit: 'abc', services, told }))).toBe(
    [
      'r2 of shop: deployed',
      '  release v2_20261121000000, commit abc',
      '  by ada@laptop, 2026-11-21T21:54:49.756Z, 31 s',
      '    12.3 s  wait for convergence',
      '  shop_api: 3 x r.io/api:1',
      '    secret shop_key_v1',
    ].join('\n'),
  );
  expect(renderOneRelease(failedRecord(3))).toContain('r3 of shop: UNHEALTHY: it does not answer');
});

test('one is found by its name', () => {
  const all = [releaseRecord(1), releaseRecord(12)];
  expect(findRelease(history(all), 'r12').number).toBe(12);
  expect(findRelease(history(all), '1').number).toBe(1);
  for (const name of ['r2', 'r', 'v1', '', 'r1x'])
    expect(() => findRelease(history(all), name)).toThrow(expect.objectContaining({ code: 'USAGE' }));
});

/** A healthy release whose api runs this version, in so many tasks. */
const running = (number: number, version: string, change: Partial<ReleaseRecord> = {}, tasks = 1) =>
  releaseRecord(number, {
    services: [
      {
        Name: 'shop_api',
        Mode: { Replicated: { Replicas: tasks } },
        TaskTemplate: { ContainerSpec: { Image: `r.io/api:${version}` } },
      },
    ],
    ...change,
  });

test.each([
  ['the last that ran', [running(1, 'a'), running(2, 'b'), running(3, 'c')], 2],
  ['not one that failed', [running(1, 'a'), failedRecord(2), running(3, 'c'), failedRecord(4)], 1],
  [
    'not what an interrupted run left',
    [running(1, 'a'), running(2, 'b', { result: 'adopted', isHalfDone: true }), running(3, 'c')],
    1,
  ],
  ['one that was adopted', [running(1, 'a'), running(2, 'b', { result: 'adopted' }), running(3, 'c')], 2],
  ['not one that runs the same', [running(1, 'a'), running(2, 'b'), running(3, 'b')], 1],
  [
    'not what was scaled or restarted since',
    [running(1, 'a'), running(2, 'b'), running(3, 'b', { note: 'scale api 1 -> 3' }, 3)],
    1,
  ],
  [
    'further back after a rollback, also when it was scaled since',
    [
      running(1, 'a'),
      running(2, 'b'),
      running(3, 'c'),
      running(4, 'b', { rollbackTo: 2 }),
      running(5, 'b', {}, 3),
    ],
    1,
  ],
  ['what a deploy of an earlier version replaced', [running(1, 'a'), running(2, 'b'), running(3, 'a')], 2],
  ['before a release that is no longer kept', [running(1, 'a'), running(7, 'b', { rollbackTo: 3 })], 1],
])('rolls back to: %s', (_what, all, expected) => {
  expect(findBefore(history(all)).number).toBe(expected);
});

test.each([
  [[]],
  [[running(1, 'a')]],
  [[failedRecord(1), running(2, 'a')]],
  [[running(1, 'a'), running(2, 'b'), running(3, 'a', { rollbackTo: 1 })]],
])('there is no release to roll back to: %#', (all) => {
  expect(() => findBefore(history(all))).toThrow(
    expect.objectContaining({
      code: 'PREFLIGHT_FAILED',
      message: expect.stringContaining('cannot roll back'),
    }),
  );
});

test('what a release needs and is gone is named, once', () => {
  const service = {
    Name: 'a',
    TaskTemplate: {
      ContainerSpec: {
        Secrets: [{ SecretID: 's1', SecretName: 'key_v1' }],
        Configs: [{ ConfigID: 'c1', ConfigName: 'app_v1' }],
      },
      Networks: [{ Target: 'n1' }, { Target: 'n2' }],
    },
  };
  // The stack's own can be made again.
  const to = releaseRecord(1, {
    services: [service, service],
    networks: [network('shop_inside', { id: 'n1' })],
  });
  expect(judgeRollback(to, facts())).toEqual([
    'a network that is not of shop is gone, or was made anew: it had the id n2',
    'the config app_v1 is gone',
    'the secret key_v1 is gone',
  ]);
  const object = (id: string) => ({ id, name: id, labels: {}, createdAt: '' });
  const there = facts({
    secrets: [object('s1')],
    configs: [object('c1')],
    networks: [network('outside', { id: 'n2' })],
  });
  expect(judgeRollback(to, there)).toEqual([]);
});

test.each([
  ['one that ran', releaseRecord(1), false, []],
  ['one that failed', failedRecord(1), false, ['r1 did not come up: UNHEALTHY']],
])('going back to %s', (_what, to, isForced, expected) => {
  expect(judgeRollbackTarget(to, [to, releaseRecord(2)], isForced)).toEqual(expected);
});

test('migrations that cannot be undone keep one from going back beyond them', () => {
  const all = [releaseRecord(1), releaseRecord(2, { isIrreversible: true }), releaseRecord(3)];
  const [first, second] = all as [ReleaseRecord, ReleaseRecord];
  expect(judgeRollbackTarget(first, all, false)).toEqual([
    'the migrations of r2 cannot be undone; --force goes back all the same',
  ]);
  expect(judgeRollbackTarget(first, all, true)).toEqual([]);
  expect(judgeRollbackTarget(second, all, false)).toEqual([]);
});

test('shows the details and the hint of a failed release', () => {
  const failed = {
    result: 'UNHEALTHY',
    failure: 'api is unhealthy',
    details: ['api.1: exit 3'],
    hint: 'read the log',
  };
  const shown = renderOneRelease(releaseRecord(2, failed));
  expect(shown).toContain('api.1: exit 3');
  expect(shown).toContain('read the log');
});
