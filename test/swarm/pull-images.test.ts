import { describe, expect, test } from 'vitest';
import type { Pull } from '../../src/plan/placement/plan-pulls.ts';
import { silentLog } from '../../src/shared/recording-log.ts';
import type { Swarm, SwarmTask } from '../../src/shared/swarm.ts';
import { judgePull, pullImages } from '../../src/swarm/pull-images.ts';
import { node, service, task } from '../fakes/swarm.ts';

/** A Swarm of one node, on which the task of a pull comes to `bad` so often before it is over. */
function cluster(times: number, bad: Partial<SwarmTask> = { state: 'rejected' }) {
  let live: ReturnType<typeof service>[] = [];
  let begun = 0;
  const swarm = {
    readServices: async () => live,
    createService: async () => {
      begun++;
      live = [service('pull_0')];
    },
    removeService: async () => {
      live = [];
    },
    readTasks: async () => {
      const outcome = begun <= times ? bad : { state: 'failed' };
      return live.map(({ id }) =>
        task({ serviceId: id, nodeId: 'n1', error: 'No such image: r.io/a:1', ...outcome }),
      );
    },
    readNodes: async () => [node('m1', { id: 'n1' })],
  } as unknown as Swarm;
  const pulls = [
    { image: 'r.io/a:1', nodes: ['n1'], spec: { Name: 'pull_0' } },
  ] as unknown as readonly Pull[];
  const { signal } = new AbortController();
  const pull = () =>
    pullImages({ swarm, stack: 's', pulls, nameOf: () => 'm1', signal, timeoutMs: 60_000, log: silentLog });
  return { pull, begun: () => begun, left: () => live };
}

test('a node that could not pull tries again: a registry may hang up at any time', async () => {
  const { pull, begun, left } = cluster(2);
  await pull();
  expect(begun()).toBe(3);
  expect(left()).toEqual([]);
});

test('not for ever: then the node is named, and nothing is left', async () => {
  const { pull, begun, left } = cluster(9);
  await expect(pull()).rejects.toMatchObject({
    code: 'DEPLOY_FAILED',
    message: 'r.io/a:1 cannot be pulled',
    details: ['m1: No such image: r.io/a:1'],
  });
  expect(begun()).toBe(3);
  expect(left()).toEqual([]);
});

test('a task that Swarm stopped, as its node was away for a while, is run again', async () => {
  const { pull, begun, left } = cluster(5, { state: 'shutdown', desiredState: 'shutdown' });
  await pull();
  expect(begun()).toBe(6);
  expect(left()).toEqual([]);
});

describe('of two nodes that pull, m1 is done, and m2', () => {
  const done = task({ nodeId: 'm1', state: 'failed', desiredState: 'shutdown' });
  const stopped = { state: 'shutdown', desiredState: 'shutdown' };
  test.each([
    ['has no task yet', {}, [], 'open'],
    ['pulls', {}, [{ state: 'preparing' }], 'open'],
    [
      'pulls, while nobody knows the state of the node',
      { state: 'unknown' },
      [{ state: 'preparing' }],
      'open',
    ],
    ['is down', { state: 'down' }, [{ state: 'preparing' }], 'away'],
    ['was down when the pull began', { state: 'down' }, [], 'away'],
    ['is disconnected', { state: 'disconnected' }, [stopped], 'away'],
    ['is drained', { availability: 'drain' }, [stopped], 'away'],
    ['is paused', { availability: 'pause' }, [{ state: 'preparing' }], 'away'],
    ['is up again', {}, [stopped], 'stopped'],
    ['is up again, and its engine has not reported yet', {}, [{ ...stopped, state: 'preparing' }], 'stopped'],
    ['is up again and has a new task', {}, [stopped, { state: 'preparing' }], 'open'],
    ['was done before it went away', { state: 'down' }, [{ ...stopped, state: 'complete' }], undefined],
  ])('%s', (_title, change, tasks, expected) => {
    const own = tasks.map((one) => task({ nodeId: 'm2', ...one }));
    const nodes = [node('m1', { id: 'm1' }), node('m2', { id: 'm2', ...change })];
    const pull = { image: 'r.io/a:1', nodes: ['m1', 'm2'], spec: { Name: 's_a' } };
    expect(judgePull(pull, [done, ...own], nodes, String)).toEqual({
      ...{ open: [], away: [], stopped: [] },
      ...(expected && { [expected]: ['m2'] }),
    });
  });

  test('was removed', () => {
    const pull = { image: 'r.io/a:1', nodes: ['m1', 'm2'], spec: { Name: 's_a' } };
    const nodes = [node('m1', { id: 'm1' })];
    expect(judgePull(pull, [done], nodes, String)).toMatchObject({ open: [], away: ['m2'] });
  });
});

test('while no node has the image, the pull waits for one that is down', () => {
  const pull = { image: 'r.io/a:1', nodes: ['m1'], spec: { Name: 's_a' } };
  const nodes = [node('m1', { id: 'm1', state: 'down' })];
  expect(judgePull(pull, [], nodes, String)).toEqual({ open: ['m1'], stopped: [], away: [] });
});
