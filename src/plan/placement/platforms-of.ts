import type { SwarmNode } from '../../shared/swarm.ts';
import type { Build, Release } from '../release/release.ts';
import { meetsConstraint } from './judge-constraint.ts';

/**
 * What an image is built for: what its build says, or else the platforms of the nodes that a service with it can land on,
 * or of all that take tasks, where constraints leave none.
 */
export function platformsOf(
  { services, platforms }: Pick<Build, 'services' | 'platforms'>,
  { document }: Pick<Release, 'document'>,
  nodes: readonly SwarmNode[],
): readonly string[] {
  if (platforms) return platforms;
  const constraintsOf = (name: string) => document.services?.[name]?.deploy?.placement?.constraints ?? [];
  const usable = nodes.filter((node) => node.usable);
  const fitting = usable.filter((node) =>
    services.some((name) => constraintsOf(name).every((one) => meetsConstraint(node, String(one)))),
  );
  const chosen = fitting.length > 0 ? fitting : usable;
  return [...new Set(chosen.map(({ platform }) => platform))].sort();
}
