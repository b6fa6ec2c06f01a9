import { describe, expect, test } from 'vitest';
import type { ServiceSpec } from '../../src/shared/service-spec.ts';
import type { SwarmTask } from '../../src/shared/swarm.ts';
import { isHeldByDeadNodes } from '../../src/swarm/judge-held.ts';
import { judgeService, type Verdict } from '../../src/swarm/judge-service.ts';
import { isBack, isSameSet, requireRecoverable } from '../../src/swarm/judge-stack.ts';
import { planRestore, type Snapshot } from '../../src/swarm/plan-restore.ts';
import type { PollResult } from '../../src/swarm/poll-result.ts';
import { stallDetector } from '../../src/swarm/progress.ts';
import { convergedState, stayStable } from '../../src/swarm/stay-stable.ts';
import { node, service, task } from '../fakes/swarm.ts';

const state = (name: string) => ({ state: name, message: 'why' });
const done = (slot: number, nodeId = 'n1') =>
  task({ state: 'complete', desiredState: 'shutdown', slot, nodeId });
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
  ['one slot failed three times', service('a'), [failed(1), failed(1), failed(1)], 'failed'],
  [
    'Swarm paused, because one slot failed three times',
    service('a', { update: state('paused') }),
    [failed(1), failed(1), failed(1)],
    'failed',
  ],
  ['it is to run on, and ended well three times', service('a'), [done(1), done(1), done(1)], 'failed'],
  ['three slots failed once', service('a', { wanted: 3 }), [failed(1), failed(2), failed(3)], 'waiting'],
  ['failed before, runs now', service('a'), [failed(1), failed(1), failed(1), task()], 'converged'],
])('%s', (_what, judged, tasks, kind) => {
  expect(judgeService(judged, tasks).kind).toBe(kind);
});

const JOB = { ReplicatedJob: { TotalCompletions: 2 } };
const GLOBAL_JOB = { GlobalJob: {} };
const ONCE = { Condition: 'none' };
const ON_FAILURE = { Condition: 'on-failure' };
const TWICE = { Condition: 'any', MaxAttempts: 1 };
const WITHIN_10_S = { ...TWICE, Window: 10e9 };
const failedAt = (slot: number, second: number) => ({
  ...failed(slot),
  since: new Date(second * 1000).toISOString(),
});
const next = (slot: number) => task({ state: 'ready', desiredState: 'ready', slot });
/** Swarm has not looked at it yet. */
const unseen = (slot: number) => task({ state: 'failed', desiredState: 'running', slot });

/** Two tasks are wanted. What Swarm says of each was seen on Docker 26.1. */
test.each([
  ['a job whose tasks run', JOB, undefined, '', [task(), task({ slot: 2 })], 'waiting'],
  ['a job of which one task is done', JOB, undefined, '', [done(0)], 'waiting'],
  ['a job whose tasks are done', JOB, undefined, '', [done(0), done(1)], 'converged'],
  ['a job that failed and then did it', JOB, undefined, '', [failed(1), done(1), done(0)], 'converged'],
  ['a job that failed three times', JOB, undefined, '', [failed(0), failed(0), failed(0)], 'failed'],
  ['a job that is not begun anew', JOB, ONCE, '', [failed(0)], 'failed'],
  ['a global job, by its nodes', GLOBAL_JOB, undefined, '', [done(0, 'n1'), done(0, 'n2')], 'converged'],
  [
    'a global job on one of them',
    GLOBAL_JOB,
    undefined,
    '',
    [done(0, 'n1'), task({ slot: 0, nodeId: 'n2' })],
    'waiting',
  ],
  ['a service that runs once, runs', undefined, ONCE, '', [task(), task({ slot: 2 })], 'converged'],
  ['a service that runs once, ran', undefined, ONCE, '', [done(1), done(2)], 'converged'],
  ['Swarm pauses an update of it for ending', undefined, ONCE, 'paused', [done(1), done(2)], 'converged'],
  ['it is paused, and one is on its way', undefined, ONCE, 'paused', [done(1), next(2)], 'waiting'],
  ['it is paused, and one is never begun', undefined, ONCE, 'paused', [done(1)], 'paused'],
  ['it is paused, and one failed just now', undefined, ON_FAILURE, 'paused', [done(1), unseen(2)], 'waiting'],
  ['a service that runs once, failed', undefined, ONCE, 'paused', [done(1), failed(2)], 'failed'],
  ['one failure of two that are allowed', undefined, TWICE, '', [failed(1), task({ slot: 2 })], 'waiting'],
  ['allowed failures, soon', undefined, WITHIN_10_S, '', [failedAt(1, 0), failedAt(1, 10)], 'failed'],
  ['allowed failures, apart', undefined, WITHIN_10_S, '', [failedAt(1, 0), failedAt(1, 11)], 'waiting'],
  [
    'more failures than that, apart',
    undefined,
    WITHIN_10_S,
    '',
    [0, 20, 40].map((at) => failedAt(1, at)),
    'failed',
  ],
  ['a place that failed and is good now', undefined, TWICE, '', [failed(1), failed(1), task()], 'waiting'],
  ['all failures that are allowed', undefined, TWICE, '', [failed(1), failed(1)], 'failed'],
])('%s', (_what, mode, policy, update, tasks, kind) => {
  const spec = {
    Name: 'a',
    ...(mode && { Mode: mode }),
    ...(policy && { TaskTemplate: { RestartPolicy: policy } }),
  };
  const judged = service('a', { wanted: 2, spec, update: update ? state(update) : undefined });
  expect(judgeService(judged, tasks).kind).toBe(kind);
});

test('a global job without tasks has not begun', () => {
  const judged = service('a', { wanted: 0, spec: { Name: 'a', Mode: GLOBAL_JOB } });
  expect(judgeService(judged, []).kind).toBe('waiting');
});

test('who waits says what for; who failed, why', () => {
  const pending = task({ state: 'pending', error: 'no suitable node (insufficient resources on 3 nodes)' });
  expect(judgeService(service('a', { wanted: 3 }), [task(), task({ state: 'starting' }), pending])).toEqual({
    kind: 'waiting',
    running: 1,
    wanted: 3,
    reason: 'pending: no suitable node (insufficient resources on 3 nodes)',
  });
  const reasonOf = (...tasks: readonly SwarmTask[]) => judgeService(service('a'), tasks);
  expect(reasonOf(failed(1), failed(1), failed(1))).toMatchObject({
    reason: '3 times it failed: task: non-zero exit (1)',
  });
  expect(reasonOf(done(1), done(1), done(1))).toMatchObject({
    reason: '3 times it ended, and well: it is to run on',
  });
});

describe('getting on', () => {
  const waiting: Verdict = { kind: 'waiting', running: 0, wanted: 1, reason: '' };
  const look = (state: string, change: Partial<PollResult> = {}): PollResult => ({
    service: service('a'),
    tasks: [task({ state })],
    verdict: waiting,
    ...change,
  });
  const watch = (...seen: readonly (readonly [at: number, look: PollResult])[]) => {
    let now = 0;
    const findStalled = stallDetector(1000, () => now);
    return seen.map(([at, one]) => {
      now = at;
      return findStalled([one]).length > 0;
    });
  };

  test('a service whose tasks stay as they are gets nowhere', () => {
    expect(watch([0, look('pending')], [1000, look('pending')], [1001, look('pending')])).toEqual([
      false,
      false,
      true,
    ]);
    expect(watch([0, look('pending')], [900, look('preparing')], [1800, look('preparing')])).toEqual([
      false,
      false,
      false,
    ]);
  });

  test('a service that has converged need not get on', () => {
    const converged = look('running', { verdict: { kind: 'converged' } });
    expect(watch([0, converged], [9000, converged])).toEqual([false, false]);
  });

  test('what its spec lets it take is not counted', () => {
    const Healthcheck = { StartPeriod: 5e9, Interval: 1e9, Timeout: 1e9, Retries: 1 };
    const spec: ServiceSpec = {
      Name: 'a',
      UpdateConfig: { Delay: 2e9, Monitor: 1e9 },
      TaskTemplate: { ContainerSpec: { StopGracePeriod: 3e9, Healthcheck } },
    };
    const slow = look('starting', { service: service('a', { spec }) });
    expect(watch([0, slow], [16_000, slow], [16_001, slow])).toEqual([false, false, true]);
  });
});

describe('staying converged', () => {
  const converged = { kind: 'converged' } as const;
  const waiting = { kind: 'waiting', running: 0, wanted: 1, reason: '' } as const;

  test('a new service must hold for its monitor time, without a break', () => {
    let now = 0;
    const isDone = stayStable(convergedState, new Set(), () => now);
    const spec: ServiceSpec = { Name: 'a', UpdateConfig: { Monitor: 2e9 } };
    const look = (verdict: typeof converged | typeof waiting, id: string) =>
      isDone([{ service: service('a', { spec }), tasks: [task({ id })], verdict }]);
    const seen = [
      [0, converged, 'first', false],
      [1999, converged, 'first', false],
      [2100, waiting, 'first', false],
      [2200, converged, 'second', false],
      [4100, converged, 'third', false],
      [6099, converged, 'third', false],
      [6100, converged, 'third', true],
    ] as const;
    for (const [time, verdict, id, expected] of seen) {
      now = time;
      expect(look(verdict, id), `at ${time}`).toBe(expected);
    }
  });

  test('a job that has ended need not', () => {
    const job = service('a', { spec: { Name: 'a', Mode: JOB } });
    const isDone = stayStable(convergedState, new Set(), () => 0);
    expect(isDone([{ service: job, tasks: [done(0), done(1)], verdict: converged }])).toBe(true);
  });

  test.each([{ FailureAction: 'continue' }, { MaxFailureRatio: 0.5 }])(
    'an update of %o is completed whatever fails: it must hold, too',
    (UpdateConfig) => {
      const isDone = stayStable(convergedState, new Set(), () => 0);
      const updated = service('a', { spec: { Name: 'a', UpdateConfig }, update: state('completed') });
      expect(isDone([{ service: updated, tasks: [task()], verdict: converged }])).toBe(false);
    },
  );

  test.each([
    ['that Swarm has watched to the end', service('a', { update: state('completed') }), []],
    ['whose tasks ran before', service('a'), ['t1']],
  ])('one %s is done at once', (_what, watched, known) => {
    const isDone = stayStable(convergedState, new Set(known), () => 0);
    expect(isDone([{ service: watched, tasks: [task({ id: 't1' })], verdict: converged }])).toBe(true);
  });
});

describe('restoring', () => {
  const before: Snapshot = {
    services: [service('same'), service('changed'), service('gone'), service('unlucky')],
    networks: [],
    used: [],
    templates: [],
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
    expect(planRestore(before.services, now)).toEqual({
      update: [
        { id: 'id-changed', spec: { Name: 'changed' } },
        { id: 'id-unlucky', spec: { Name: 'unlucky' } },
      ],
      replace: [],
      create: [{ Name: 'gone' }],
      remove: ['id-new'],
    });
    const nothing = { update: [], replace: [], create: [], remove: [] };
    expect(planRestore(before.services, before.services)).toEqual(nothing);
  });

  test('removes a service whose mode is another, and makes it again: Docker changes none', () => {
    const [was, is] = [
      { Name: 'web', Mode: { Replicated: { Replicas: 2 } } },
      { Name: 'web', Mode: { Global: {} } },
    ];
    const restore = planRestore([{ name: 'web', spec: was }], [service('web', { spec: is })]);
    expect(restore).toEqual({ update: [], replace: [{ id: 'id-web', spec: was }], create: [], remove: [] });
  });

  const look = (name: string, kind: string, running = 0) => ({
    service: service(name),
    tasks: [],
    verdict: { kind, running, wanted: 1, reason: 'why' } as Verdict,
  });

  test.each([
    ['same', 'converged', 1, true],
    ['same', 'waiting', 0, false],
    ['unlucky', 'waiting', 0, true],
    ['unlucky', 'converged', 1, true],
    ['unlucky', 'paused', 1, false],
    ['unlucky', 'failed', 0, true],
    ['same', 'failed', 0, false],
  ])('%s, now %s with %i running: back is %s', (name, kind, running, expected) => {
    expect(isBack(look(name, kind, running), before)).toBe(expected);
  });

  test('needs every service that was there, and no other', () => {
    const names = ['same', 'changed', 'gone', 'unlucky'];
    const all = names.map((name) => look(name, 'converged'));
    expect(isSameSet(all, names)).toBe(true);
    expect(isSameSet(all.slice(1), names)).toBe(false);
    expect(isSameSet([...all.slice(1), look('new', 'converged')], names)).toBe(false);
  });

  test('is given up when waiting cannot help', () => {
    expect(() => requireRecoverable([look('same', 'converged')], 'RESTORE_FAILED')).not.toThrow();
    expect(() => requireRecoverable([look('unlucky', 'paused')], 'RESTORE_FAILED')).toThrow(
      'unlucky: Swarm paused its update: why',
    );
  });
});

describe('an update that waits for a node which is down', () => {
  const updating = service('a', { wanted: 1, update: state('updating') });
  const old = task({ id: 'old', serviceId: 'id-a', nodeId: 'id-m2' });
  const fresh = task({ id: 'new', serviceId: 'id-a', nodeId: 'id-m1' });
  const down = [node('m1'), node('m2', { state: 'down' })];

  test.each([
    ['is held by it', updating, [old, fresh], down, true],
    ['is not, when the node is up', updating, [old, fresh], [node('m1'), node('m2')], false],
    ['is not, when nothing old is left', updating, [fresh], down, false],
    ['is not, when it is done', service('a', { update: state('completed') }), [old, fresh], down, false],
  ])('%s', (_what, live, tasks, nodes, expected) => {
    expect(isHeldByDeadNodes(live, new Set(['new']), tasks, nodes)).toBe(expected);
  });

  test('has converged all the same', () => {
    expect(judgeService(updating, [fresh])).toMatchObject({ kind: 'waiting', running: 1 });
    expect(judgeService(updating, [fresh], { isHeld: true })).toEqual({ kind: 'converged' });
    expect(judgeService(updating, [], { isHeld: true })).toMatchObject({ kind: 'waiting' });
  });
});

test.each([
  [
    'what an engine rejects that is not back in the Swarm',
    'cannot create a swarm scoped network when swarm is not active',
  ],
  [
    'a task that was stopped after its network',
    'error while removing network: unknown network a_default id 1',
  ],
])('%s counts for nothing', (_what, error) => {
  const rejected = [1, 2, 3].map((at) => task({ id: `t${at}`, state: 'rejected', error }));
  expect(judgeService(service('a'), rejected)).toMatchObject({ kind: 'waiting' });
});

describe('a global service', () => {
  const everywhere = service('a', { wanted: 0, spec: { Name: 'a', Mode: { Global: {} } } });
  const ended = task({ id: 't0', state: 'complete', desiredState: 'shutdown' });

  test('whose task waits to be begun again has not converged, though Swarm wants none', () => {
    const next = task({ state: 'ready', desiredState: 'ready' });
    expect(judgeService(everywhere, [ended, next])).toMatchObject({ kind: 'waiting', wanted: 1 });
  });

  test('has converged without those of nodes that were drained', () => {
    expect(judgeService(everywhere, [{ ...ended, nodeId: 'n2' }, task()])).toEqual({ kind: 'converged' });
  });
});

describe('a global service of which Swarm wants no task any more', () => {
  const Mode = { Global: {} };
  const of = (Condition: string, update?: string) =>
    service('a', {
      wanted: 0,
      spec: { Name: 'a', Mode, TaskTemplate: { RestartPolicy: { Condition } } },
      update: update ? state(update) : undefined,
    });
  const [lost, well] = [failed(0), done(0)];

  test('has failed where it was given up', () => {
    expect(judgeService(of('none'), [lost]).kind).toBe('failed');
    expect(judgeService(of('none', 'completed'), [lost, task({ slot: 0, nodeId: 'n2' })]).kind).toBe(
      'failed',
    );
  });

  test('has not for what was given up before', () => {
    expect(judgeService(of('none'), [lost], { known: new Set([lost.id]) }).kind).toBe('converged');
  });

  test('has converged where each ended well, and not while one still runs the old spec', () => {
    expect(judgeService(of('on-failure', 'paused'), [well]).kind).toBe('converged');
    expect(judgeService({ ...of('on-failure', 'paused'), wanted: 1 }, [well]).kind).toBe('paused');
  });
});

describe('tasks that were there before', () => {
  const ended = [1, 2, 3].map((at) => ({ ...done(1), id: `t${at}`, since: `2026-11-21T21:54:0${3 * at}Z` }));
  const next = task({ id: 't4', state: 'ready' });
  const known = new Set(ended.map(({ id }) => id));
  const of = (RestartPolicy: object) =>
    service('a', { spec: { Name: 'a', TaskTemplate: { RestartPolicy } } });

  test.each([
    ['do not count: what ended them may be over', of({}), known, 'waiting'],
    ['count when they are not known', of({}), undefined, 'failed'],
    ['do not count where Swarm begins more than they are', of({ MaxAttempts: 9 }), known, 'waiting'],
    ['do not count where they lie apart', of({ MaxAttempts: 2, Window: 1e9 }), known, 'waiting'],
    ['count where they do not', of({ MaxAttempts: 2, Window: 8e9 }), known, 'failed'],
    ['count where Swarm begins no other', of({ Condition: 'any', MaxAttempts: 2 }), known, 'failed'],
  ])('%s', (_what, judged, ids, kind) => {
    expect(judgeService(judged, [...ended, next], { known: ids }).kind).toBe(kind);
  });

  test('do not keep those that end now from counting', () => {
    const fresh = ['t5', 't6', 't7'].map((id) => task({ id, state: 'failed' }));
    expect(judgeService(of({}), [...ended, ...fresh], { known }).kind).toBe('failed');
  });
});
