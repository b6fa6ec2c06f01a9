import { describeNode } from './away-node.ts';
import type { Cause } from './cause.ts';

/** Swarm pauses an update for a new task that it stopped itself, as somebody drained its node. */
export const drainedNode: Cause = {
  name: 'drained node',
  explain({ task: { state, desiredState, error }, node }) {
    if (state !== 'shutdown' || desiredState !== 'shutdown' || error !== '') return undefined;
    if (node === undefined || node.usable) return undefined;
    return `${describeNode(node)}: Swarm stopped the task for it, and counts that as a failure of the update; deploy again`;
  },
};
