import { expect, test } from 'vitest';
import type { ServiceSpec } from '../../src/shared/service-spec.ts';
import type { SwarmTask } from '../../src/shared/swarm.ts';
import { describeEnds, taskEndJudge } from '../../src/swarm/judge-ends.ts';
import { node, service, task } from '../fakes/swarm.ts';

const nodes = [node('m1'), node('m2', { usable: false, availability: 'drain' })];
const own = (change: Partial<SwarmTask>) => task({ id: 't1', serviceId: 'id-w', nodeId: 'id-m1', ...change });
const failed = { state: 'failed', desiredState: 'shutdown', error: 'task: non-zero exit (3)', exitCode: 3 };
const complete = { state: 'complete', desiredState: 'shutdown', message: 'finished', exitCode: 0 };
const lookOf = (tasks: readonly SwarmTask[], spec: Partial<ServiceSpec> = {}) => [
  { service: service('w', { spec: { Name: 'w', ...spec } }), tasks, verdict: { kind: 'converged' as const } },
];
const restarts = (Condition: string) => ({ TaskTemplate: { RestartPolicy: { Condition } } });

const ENDED = ['w: a task ended after the service had converged: task: non-zero exit (3)'];
test.each<[string, Partial<ServiceSpec>, readonly Partial<SwarmTask>[], readonly string[]]>([
  ['runs on', {}, [{}], []],
  ['fails', {}, [failed], ENDED],
  ['fails, and Swarm begins no other', restarts('none'), [failed], ENDED],
  ['fails after it was asked to exit 0', restarts('on-failure'), [failed], ENDED],
  ['is rejected', {}, [{ ...failed, state: 'rejected' }], ENDED],
  [
    'exits 0',
    {},
    [complete],
    ['w: a task ended after the service had converged: it exited 0, and is to run on'],
  ],
  ['exits 0, as it should', restarts('on-failure'), [complete], []],
  ['exits 0, as it should once', restarts('none'), [complete], []],
  ['ends a job', { Mode: { ReplicatedJob: {} } }, [complete], []],
  [
    'is stopped for a drain, another scale or an update',
    {},
    [{ state: 'shutdown', desiredState: 'shutdown' }],
    [],
  ],
  ['fails when Swarm stops it', {}, [{ desiredState: 'shutdown' }, failed], []],
  [
    'fails when it is scaled away',
    {},
    [{ desiredState: 'remove' }, { ...failed, desiredState: 'remove' }],
    [],
  ],
  ['fails with its node', {}, [{ nodeId: 'id-m2', ...failed }], []],
  ['fails with a node that is gone', {}, [{ nodeId: 'id-m9', ...failed }], []],
  [
    'is moved by a label of its node',
    {},
    [{ ...failed, state: 'rejected', error: 'assigned node no longer meets constraints' }],
    [],
  ],
  ['is left with its node', {}, [{ state: 'orphaned', desiredState: 'shutdown' }], []],
])('a task that %s', (_what, spec, states, expected) => {
  const findEnds = taskEndJudge(lookOf([own({})], spec));
  const looks = states.map((state) => lookOf([own(state)], spec));
  const last = looks.map((look) => findEnds(look)).at(-1) ?? [];
  expect(describeEnds(last, nodes)).toEqual(expected);
});

test('a task that ended before, or that ran before the release, is none that ended now', () => {
  const ran = [own({ ...failed, id: 'ended' }), own({ id: 'old' }), own({ id: 'new' })];
  const findEnds = taskEndJudge(lookOf(ran), new Set(['old']));
  const now = [own({ ...failed, id: 'ended' }), own({ ...failed, id: 'old' }), own({ id: 'new' })];
  expect(findEnds(lookOf(now))).toEqual([]);
  // What takes the place of an old one is of the release.
  expect(findEnds(lookOf([...now, own({ ...failed, id: 'next' })]))).toMatchObject([
    { task: { id: 'next' } },
  ]);
});
