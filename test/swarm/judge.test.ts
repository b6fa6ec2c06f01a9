import { describe, expect, test } from 'vitest';
import type { ServiceSpec } from '../../src/shared/swarm.ts';
import { type Look, staying } from '../../src/swarm/await-stack.ts';
import { judgeService, type Verdict } from '../../src/swarm/judge-service.ts';
import { isBack, isSameSet, requireHope } from '../../src/swarm/judge-stack.ts';
import { isNothing, planRestore, type Snapshot } from '../../src/swarm/plan-restore.ts';
import { parseLogFrames } from '../../src/swarm/views.ts';
import { service, task } from '../fakes/swarm.ts';

const state = (name: string) => ({ state: name, message: 'why' });
const failed = (slot: number) =>
  task({ state: 'failed', desiredState: 'shutdown', slot, error: 'task: non-zero exit (1)' });

test.each([
  ['nothing of the new spec runs yet', service('a', { wanted: 3 }), [], 'waiting'],
  ['some run', service('a', { wanted: 2 }), [task()], 'waiting'],
  ['all run, Swarm still watches', service('a', { update: state('updating') }), [task()], 'waiting'],
  ['all run, no update was needed', service('a'), [task()], 'converged'],
  ['all run, update completed', service('a', { update: state('completed') }), [task()], 'converged'],
  [
    'a task that is to be stopped does not count',
    service('a'),
    [task({ desiredState: 'shutdown' })],
    'waiting',
  ],
  ['none are wanted', service('a', { wanted: 0 }), [], 'converged'],
  ['Swarm rolls back', service('a', { update: state('rollback_started') }), [task()], 'rolled-back'],
  [
    'Swarm has rolled back, all run',
    service('a', { update: state('rollback_completed') }),
    [task()],
    'rolled-back',
  ],
  ['Swarm gave up rolling back', service('a', { update: state('rollback_paused') }), [], 'rolled-back'],
  ['Swarm paused', service('a', { update: state('paused') }), [task()], 'paused'],
  ['one slot failed three times', service('a'), [failed(1), failed(1), failed(1)], 'crash-loop'],
  ['three slots failed once', service('a', { wanted: 3 }), [failed(1), failed(2), failed(3)], 'waiting'],
  ['failed before, runs now', service('a'), [failed(1), failed(1), failed(1), task()], 'converged'],
])('%s', (_what, judged, tasks, kind) => {
  expect(judgeService(judged, tasks).kind).toBe(kind);
});

describe('staying converged', () => {
  const isConverged = ({ verdict }: Look) => verdict.kind === 'converged';
  const converged = { kind: 'converged' } as const;
  const waiting = { kind: 'waiting', running: 0, wanted: 1 } as const;

  test('a new service must hold for its monitor time, without a break', () => {
    let now = 0;
    const isDone = staying(isConverged, () => now);
    const spec: ServiceSpec = { Name: 'a', UpdateConfig: { Monitor: 2e9 } };
    const look = (verdict: typeof converged | typeof waiting) =>
      isDone([{ service: service('a', { spec }), verdict }]);
    const seen = [
      [0, converged],
      [1999, converged],
      [2100, waiting],
      [2200, converged],
      [4100, converged],
      [4200, converged],
    ] as const;
    expect(
      seen.map(([time, verdict]) => {
        now = time;
        return look(verdict);
      }),
    ).toEqual([false, false, false, false, false, true]);
  });

  test('one that Swarm has watched to the end is done at once', () => {
    const done = service('a', { update: state('completed') });
    expect(staying(isConverged, () => 0)([{ service: done, verdict: converged }])).toBe(true);
  });
});

describe('restoring', () => {
  const before: Snapshot = {
    services: [service('same'), service('changed'), service('gone'), service('unlucky')],
    networks: [{ id: 'n1', name: 'old' }],
    taskIds: new Set(),
    running: new Map([
      ['same', 1],
      ['changed', 1],
      ['gone', 1],
      ['unlucky', 0],
    ]),
  };
  const now = [
    service('same'),
    service('changed', { spec: { Name: 'changed', Labels: { a: 'b' } } }),
    service('unlucky', { update: state('rollback_completed') }),
    service('new'),
  ];

  test('changes what differs, recreates what is gone, removes what is new', () => {
    const restore = planRestore(before, now, [
      { id: 'n1', name: 'old' },
      { id: 'n2', name: 'new' },
    ]);
    expect(restore).toEqual({
      update: [
        { id: 'id-changed', spec: { Name: 'changed' } },
        { id: 'id-unlucky', spec: { Name: 'unlucky' } },
      ],
      create: [{ Name: 'gone' }],
      removeServices: ['id-new'],
      removeNetworks: ['n2'],
    });
    expect(isNothing(planRestore(before, before.services, before.networks))).toBe(true);
  });

  const look = (name: string, kind: string, running = 0) => ({
    service: service(name),
    verdict: { kind, running, wanted: 1, reason: 'why' } as Verdict,
  });

  test.each([
    ['same', 'converged', 1, true],
    ['same', 'waiting', 0, false],
    ['unlucky', 'waiting', 0, true],
    ['unlucky', 'converged', 1, true],
    ['unlucky', 'paused', 1, false],
  ])('%s, now %s with %i running: back is %s', (name, kind, running, expected) => {
    expect(isBack(look(name, kind, running), before)).toBe(expected);
  });

  test('needs every service that was there, and no other', () => {
    const all = ['same', 'changed', 'gone', 'unlucky'].map((name) => look(name, 'converged'));
    expect(isSameSet(all, before)).toBe(true);
    expect(isSameSet(all.slice(1), before)).toBe(false);
    expect(isSameSet([...all.slice(1), look('new', 'converged')], before)).toBe(false);
  });

  test('is given up when waiting cannot help', () => {
    expect(() => requireHope([look('same', 'converged')], 'RESTORE_FAILED')).not.toThrow();
    expect(() => requireHope([look('unlucky', 'paused')], 'RESTORE_FAILED')).toThrow(
      'unlucky: Swarm paused its update: why',
    );
  });
});

test('log frames become lines', () => {
  const frame = (text: string) =>
    Buffer.concat([Buffer.from([1, 0, 0, 0, 0, 0, 0, text.length]), Buffer.from(text)]);
  expect(
    parseLogFrames(Buffer.concat([frame('one\n'), frame('two\n\n'), frame('thr'), frame('ee\n')])),
  ).toEqual(['one', 'two', 'three']);
  expect(parseLogFrames(Buffer.alloc(3))).toEqual([]);
});
