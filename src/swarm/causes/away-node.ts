import { meetsAll } from '../../plan/placement/judge-constraint.ts';
import type { SwarmNode } from '../../shared/swarm.ts';
import type { Cause } from './cause.ts';

/** The nodes that a task may run on are down or take none: Swarm only counts them. */
export const awayNode: Cause = {
  name: 'away node',
  explain({ task: { error }, spec, nodes }) {
    if (!/no suitable node.*not available for new tasks/.test(error)) return undefined;
    const constraints = spec.TaskTemplate?.Placement?.Constraints;
    const away = nodes.filter((node) => !node.usable && meetsAll(node, constraints));
    if (away.length === 0) return undefined;
    return `${away.map(describeNode).join(', ')}, and no other node fits: restart or reactivate it, or change the service's placement.constraints`;
  },
};

const WORDS: Readonly<Record<string, string>> = { drain: 'drained', pause: 'paused' };

/** `m3 is drained`. */
export function describeNode({ hostname, state, availability }: SwarmNode): string {
  return `${hostname} is ${state === 'ready' ? WORDS[availability] : state}`;
}
