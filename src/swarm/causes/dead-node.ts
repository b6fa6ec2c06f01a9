import type { Cause } from './cause.ts';

/** Swarm moves what ran on a node that goes down; a task that had not begun there it now and then leaves (moby 26.1). */
export const deadNode: Cause = {
  name: 'dead node',
  explain({ task: { state }, spec, node }) {
    if (node?.state !== 'down' || !['assigned', 'accepted', 'preparing', 'ready', 'starting'].includes(state))
      return undefined;
    return `${node.hostname} is down, and Swarm left the task with it: start the node, or \`docker service update --force ${spec.Name}\``;
  },
};
