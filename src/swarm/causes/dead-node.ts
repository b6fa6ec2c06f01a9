import type { Cause } from './cause.ts';

/**
 * Swarm moves what ran on a node that goes down; a task that had not begun there it now and then leaves (moby 26.1). Of
 * a node that does not answer since another leader was elected it says `unknown` first.
 */
export const deadNode: Cause = {
  name: 'dead node',
  explain({ task: { state }, spec, node }) {
    const isLost = node !== undefined && ['down', 'unknown', 'disconnected'].includes(node.state);
    if (!isLost || !['assigned', 'accepted', 'preparing', 'ready', 'starting'].includes(state))
      return undefined;
    return `${node.hostname} is ${node.state}, and Swarm left the task with it: start the node, or \`docker service update --force ${spec.Name}\``;
  },
};
