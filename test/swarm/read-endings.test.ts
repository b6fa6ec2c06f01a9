import { expect, test } from 'vitest';
import type { Host } from '../../src/shared/tools.ts';
import { endingReader } from '../../src/swarm/read-endings.ts';
import { node, task } from '../fakes/swarm.ts';

const NODES = [node('m1'), node('m2'), node('m3', { state: 'down' })];
const never = new Promise<never>(() => {});
const refused = () => Promise.reject(new Error('refused'));

/** A machine that says it is this node, and of each container that it was killed for its memory. */
function host(nodeId: string, containers: Partial<Host['containers']> = {}): Host {
  const answers = { readNodeId: async () => nodeId, readEnding: async () => KILLED };
  return { name: nodeId, containers: { ...answers, ...containers } } as unknown as Host;
}
const KILLED = { isOutOfMemory: true, answers: [] };

/** What is known of a task that ended on a node, and whom ssh was asked for. */
async function ask(
  { named = [], byName = host('other') }: { readonly named?: readonly Host[]; readonly byName?: Host },
  on = 'id-m2',
) {
  const opened: unknown[] = [];
  const hostNamed = (...asked: readonly unknown[]) => {
    opened.push(asked);
    return byName;
  };
  const read = endingReader({ hosts: named, hostNamed }, NODES, 50);
  const [ended] = await read([task({ state: 'failed', nodeId: on })]);
  return { ending: ended?.ending, opened };
}

const QUIETLY = [['m2', { isQuiet: true }]];

test.each([
  ['a manager that is named', { named: [host('id-m1'), host('id-m2')] }, KILLED, []],
  [
    'it before one that does not answer',
    { named: [host('x', { readNodeId: () => never }), host('id-m2')] },
    KILLED,
    [],
  ],
  ['a node that ssh knows by its name', { named: [host('id-m1')], byName: host('id-m2') }, KILLED, QUIETLY],
  [
    'it, though a manager does not answer',
    { named: [host('x', { readNodeId: () => never })], byName: host('id-m2') },
    KILLED,
    QUIETLY,
  ],
  ['not another machine of that name', {}, undefined, QUIETLY],
  ['not what refuses', { byName: host('id-m2', { readNodeId: refused }) }, undefined, QUIETLY],
  ['not what says nothing', { byName: host('id-m2', { readNodeId: () => never }) }, undefined, QUIETLY],
  ['not an engine that hangs', { named: [host('id-m2', { readEnding: () => never })] }, undefined, []],
  ['not an engine that fails', { named: [host('id-m2', { readEnding: refused })] }, undefined, []],
])('is asked how a task ended: %s', async (_what, reachable, ending, opened) => {
  expect(await ask(reachable)).toEqual({ ending, opened });
});

test('a node that is down is not waited for', async () => {
  expect(await ask({ byName: host('id-m3') }, 'id-m3')).toEqual({ ending: undefined, opened: [] });
});

test('a node is connected to once, and asked for few of many tasks; never for those that run', async () => {
  const opened: string[] = [];
  const asked: string[] = [];
  const readEnding = async (id: string) => {
    asked.push(id);
    return KILLED;
  };
  const hostNamed = (name: string) => {
    opened.push(name);
    return host('id-m2', { readEnding });
  };
  const read = endingReader({ hosts: [], hostNamed }, NODES);
  expect(opened).toEqual([]);
  const many = ['c1', 'c2', 'c3', 'c4', 'c5'].map((containerId) =>
    task({ state: 'failed', nodeId: 'id-m2', containerId }),
  );
  const others = [task({ nodeId: 'id-m2' }), task({ state: 'rejected', nodeId: 'id-m2', containerId: '' })];
  expect(await read([...others, ...many])).toHaveLength(3);
  await read(many);
  expect([opened, [...new Set(asked)]]).toEqual([['m2'], ['c1', 'c2', 'c3']]);
});
