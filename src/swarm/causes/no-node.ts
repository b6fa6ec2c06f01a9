import type { Cause } from './cause.ts';

/** Swarm's own words for why it left a task pending -> what to do. */
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
  [/not available for new tasks/, 'the nodes are drained or down: `docker node ls`'],
];

export const noNode: Cause = {
  name: 'no node',
  explain({ task: { error } }) {
    if (!/no suitable node|assigned node no longer/.test(error)) return undefined;
    return TODO.find(([words]) => words.test(error))?.[1] ?? 'no node fits: look at `docker node ls`';
  },
};
