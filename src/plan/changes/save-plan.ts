import { isDeepStrictEqual } from 'node:util';
import { listWarnings } from '../../config/group-findings.ts';
import { describeUnplaceable } from '../placement/judge-placement.ts';
import { objectId, type Release } from '../release/release.ts';
import type { DeploymentPlan } from './deployment-plan.ts';
import type { ClusterFacts } from './facts.ts';
import type { SavedPlan } from './saved-plan.ts';

/**
 * The tag is in the id, whether it was given or came from git; the others change nothing that is deployed, and who is
 * told of a deploy need not be known to whoever plans it.
 */
const UNSETTLED = /^(DEPLOY_TAG|DRY_RUN|SKIP_HEALTHCHECK|NOTIFY_\w+)$/;

/** What a plan must not differ in when it is applied, as one text; with secret values, so only for a fingerprint. */
export function describeInputs(release: Release): string {
  const { stack, id, commit, dirty, document, builds, settings } = release;
  const hooks = Object.entries(release.hooks).map(([name, { digest }]) => [name, digest]);
  const forBuilds = builds.flatMap(({ secrets }) => secrets.map(({ value }) => value?.revealText()));
  const objects = release.objects.map((object) => [
    objectId(object),
    object.value?.reveal().toString('base64'),
    object.labels,
    object.templating,
  ]);
  const settled = Object.entries(settings).filter(([name]) => !UNSETTLED.test(name));
  return JSON.stringify([stack, id, commit, dirty, document, hooks, builds, forBuilds, settled, objects]);
}

export function savePlan(
  release: Release,
  facts: ClusterFacts,
  plan: DeploymentPlan,
  { inputs, clusterId }: Pick<SavedPlan, 'inputs' | 'clusterId'>,
): SavedPlan {
  const { stack, tag, id } = release;
  return {
    format: 1,
    stack,
    release: id,
    tag,
    plannedAt: release.plannedAt.toISOString(),
    ...withoutUndefined(plan.changes),
    drift: [...plan.drift],
    obstacles: [...obstaclesOf(plan)],
    warnings: listWarnings(release.findings).map((one) => ({ ...one, findings: [...one.findings] })),
    digests: { ...plan.digests },
    ...(clusterId && { clusterId }),
    cluster: clusterOf(facts),
    inputs,
  };
}

/** Why a deploy of this plan would not get there. */
export function obstaclesOf({ unplaceable, missing }: DeploymentPlan): readonly string[] {
  return [...missing, ...unplaceable.flatMap(describeUnplaceable)];
}

/** What moved in the cluster since a plan was saved; nothing: it may be applied. */
export function judgeMoved(saved: SavedPlan, facts: ClusterFacts, plan: DeploymentPlan): readonly string[] {
  const now = clusterOf(facts);
  const names = [...new Set([...Object.keys(saved.cluster), ...Object.keys(now)])].sort();
  const moved = names
    .filter((name) => saved.cluster[name] !== now[name])
    .map((name) => {
      if (saved.cluster[name] === undefined) return `${name} was created`;
      return now[name] === undefined ? `${name} was removed` : `${name} was changed`;
    });
  if (moved.length > 0) return moved;
  const { services, objects, networks } = saved;
  const isSame = isDeepStrictEqual({ services, objects, networks }, withoutUndefined(plan.changes));
  return isSame
    ? []
    : ['the deploy would do something else than was planned: secrets, configs or networks moved'];
}

function clusterOf({ services }: ClusterFacts): Record<string, number> {
  return Object.fromEntries(
    services.map(({ name, version }) => [name, version] as const).sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

/** As JSON would bring it back. */
function withoutUndefined(
  changes: DeploymentPlan['changes'],
): Pick<SavedPlan, 'services' | 'objects' | 'networks'> {
  return JSON.parse(JSON.stringify(changes));
}
