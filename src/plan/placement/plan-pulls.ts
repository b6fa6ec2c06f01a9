import { isDeepStrictEqual } from 'node:util';
import type { ServiceSpec } from '../../shared/service-spec.ts';
import type { ClusterFacts } from '../changes/facts.ts';
import { STACK_NAMESPACE } from '../labels.ts';
import type { Digests, Release } from '../release/release.ts';
import { helperName } from '../service-name.ts';
import { meetsAll } from './judge-constraint.ts';

/**
 * A service that makes every node that may need an image pull it: its task ends before it begins, and is not begun
 * anew. A global job would be the word for it, but Swarm begins a job's failed task again whatever its policy says.
 */
export interface Pull {
  readonly image: string;
  readonly spec: ServiceSpec;
  /** Ids of those nodes. */
  readonly nodes: readonly string[];
}

/** The stack that the pulls are services of; not the operator's own, to which they do not belong. */
export const pullStack = (stack: string) => `${stack}-waggle-pull`;

/** Nothing has this program: the task ends before it begins, and by then the image is there. */
const NOTHING = '/waggle-only-pulls';

/** One for each image that a service is to run and does not run yet, and the nodes that may run it. `platforms` by pinned image. */
export function planPulls(
  release: Release,
  { services, nodes }: Pick<ClusterFacts, 'services' | 'nodes'>,
  digests: Digests,
  platforms: Readonly<Record<string, readonly string[]>>,
): readonly Pull[] {
  const stack = pullStack(release.stack);
  const pulls = newImages(release, services, digests).map(({ name, image }): Pull => {
    const constraints = (release.document.services?.[name]?.deploy?.placement?.constraints ?? []).map(String);
    const able = platforms[image] ?? [];
    const fitting = nodes
      .filter(({ usable, platform }) => usable && (able.length === 0 || able.includes(platform)))
      .filter((node) => meetsAll(node, constraints));
    const ids = fitting.map(({ id }) => id);
    return { image, nodes: ids, spec: planService(stack, name, image, constraints, fitting) };
  });
  const isSame = (a: Pull, b: Pull) => a.image === b.image && isDeepStrictEqual(a.nodes, b.nodes);
  return pulls.filter((pull, at) => pulls.findIndex((other) => isSame(other, pull)) === at);
}

/** By service. */
export function newImages(
  { stack, services }: Release,
  live: ClusterFacts['services'],
  digests: Digests,
): readonly { readonly name: string; readonly image: string }[] {
  return services.flatMap(({ name, image }) => {
    const digest = digests[image];
    if (digest === undefined) return [];
    const pinned = `${image}@${digest}`;
    const running = live.find((one) => one.name === `${stack}_${name}`)?.spec.TaskTemplate?.ContainerSpec
      ?.Image;
    return running === pinned ? [] : [{ name, image: pinned }];
  });
}

function planService(
  stack: string,
  name: string,
  image: string,
  constraints: readonly string[],
  nodes: ClusterFacts['nodes'],
): ServiceSpec {
  const kinds = [
    ...new Map(
      nodes.map(({ os, machine }) => [`${os}/${machine}`, { OS: os, Architecture: machine }]),
    ).values(),
  ];
  const labels = { [STACK_NAMESPACE]: stack };
  const template = {
    ContainerSpec: { Image: image, Command: [NOTHING], Labels: labels },
    RestartPolicy: { Condition: 'none' },
    Placement: { Constraints: constraints, Platforms: kinds },
  };
  return { Name: helperName(stack, name), Labels: labels, TaskTemplate: template, Mode: { Global: {} } };
}
