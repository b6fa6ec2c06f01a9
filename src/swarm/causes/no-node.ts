import type { Cause } from './cause.ts';
import { WRONG_PLATFORM } from './wrong-platform.ts';

/** Swarm's own words for why it left a task pending -> what to do. It may give several, of different nodes. */
const TODO: readonly (readonly [words: RegExp, todo: string])[] = [
  // The second: a label was taken from its node meanwhile.
  [
    /scheduling constraints not satisfied|no longer meets constraints/,
    'look at its placement.constraints and `docker node ls`',
  ],
  [/insufficient resources/, 'lower its resources.reservations, or give the cluster another node'],
  [
    /host-mode port already in use/,
    'another task holds its port on every node: order: stop-first, or fewer replicas',
  ],
  [/max replicas per node/, 'raise max_replicas_per_node, or give the cluster another node'],
  [/unsupported platform/, `its image ${WRONG_PLATFORM}`],
  [
    /missing plugin/,
    'a driver that it names, for its volumes, networks or logs, is on no node that may take it: `docker plugin ls`',
  ],
  [/not available for new tasks/, 'the nodes are drained or down: `docker node ls`'],
];

export const noNode: Cause = {
  name: 'no node',
  explain({ task: { error } }) {
    if (!/no suitable node|assigned node no longer/.test(error)) return undefined;
    const todos = TODO.filter(([words]) => words.test(error)).map(([, todo]) => todo);
    return todos.join('; or ') || 'no node fits: look at `docker node ls`';
  },
};
