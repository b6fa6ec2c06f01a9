import { judgePlacement, type Unplaceable } from '../placement/judge-placement.ts';
import { planDrift } from '../records/plan-drift.ts';
import type { Digests, Release } from '../release/release.ts';
import type { Changes } from './changes.ts';
import type { ClusterFacts } from './facts.ts';
import { planChanges, planSpecs } from './plan-changes.ts';

/** What a deploy would do to the cluster as it is, and what would keep Swarm from doing it. */
export interface DeploymentPlan {
  readonly changes: Changes;
  readonly unplaceable: readonly Unplaceable[];
  /** External secrets, configs and networks that are not there. */
  readonly missing: readonly string[];
  /** What somebody changed by hand since the last release, and the deploy would overwrite. */
  readonly drift: readonly string[];
  readonly digests: Digests;
}

/** Digest and platforms by image. */
export type Images = Readonly<
  Record<string, { readonly digest: string; readonly platforms: readonly string[] }>
>;

export function planDeployment(release: Release, facts: ClusterFacts, images: Images): DeploymentPlan {
  const digests = Object.fromEntries(Object.entries(images).map(([image, { digest }]) => [image, digest]));
  const specs = planSpecs(release, facts, digests);
  const changes = planChanges(release, facts, specs);
  const placements = changes.services.flatMap((change) => {
    const spec = specs.get(change.name);
    return spec ? [{ change, spec, platforms: imagePlatforms(release, change.name, images) }] : [];
  });
  return {
    changes,
    unplaceable: judgePlacement(placements, facts, release.stack),
    missing: findMissing(release, facts),
    drift: planDrift(facts.records, facts, release),
    digests,
  };
}

/** Of a built image those it is built for, of another those that its registry names. */
function imagePlatforms({ services, builds }: Release, name: string, images: Images): readonly string[] {
  const build = builds.find((one) => one.services.includes(name));
  if (build) return build.platforms ?? [];
  const image = services.find((service) => service.name === name)?.image ?? '';
  return images[image]?.platforms ?? [];
}

/** Networks of every node, which no list of the cluster's has. */
const BUILT_IN = new Set(['bridge', 'host', 'none', 'ingress']);

function findMissing(
  { externals }: Release,
  { networks, secrets, configs }: ClusterFacts,
): readonly string[] {
  const there = { network: networks, secret: secrets, config: configs };
  return externals
    .filter(
      ({ kind, name }) =>
        !there[kind].some((one) => one.name === name) && !(kind === 'network' && BUILT_IN.has(name)),
    )
    .map(({ kind, name }) => `the ${kind} ${name} is external and is not in the cluster: create it first`);
}
