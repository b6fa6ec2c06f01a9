import { repositoryOf } from '../../shared/image-name.ts';
import type { ServiceSpec } from '../../shared/service-spec.ts';
import type { SwarmService } from '../../shared/swarm.ts';
import { recordedTemplates } from '../records/recorded-templates.ts';
import { isReleaseJob, planWaves } from '../release/plan-waves.ts';
import { type Digests, objectId, type Release, type VersionNames } from '../release/release.ts';
import { fillDocument, type Resolution } from '../render/render-stack.ts';
import { planSpec } from '../spec/plan-spec.ts';
import type { Changes, ServiceChange } from './changes.ts';
import type { ClusterFacts } from './facts.ts';
import { planNetworkChanges } from './plan-networks.ts';
import { planJob, planRemoval, planService } from './plan-service.ts';

/** The version of each object that this release will use: one that is there, or a new one. */
function planVersions({ objects }: Release, { reusable }: Pick<ClusterFacts, 'reusable'>): VersionNames {
  return Object.fromEntries(
    objects.map((object) => [objectId(object), reusable[objectId(object)] ?? object.newName]),
  );
}

/** What the rendered stack is filled with. */
export function planFilling(release: Release, facts: ClusterFacts, digests: Digests): Resolution {
  return {
    versions: planVersions(release, facts),
    digests,
    scale: planScale(release, facts),
    images: planImages(release, facts, digests),
  };
}

/** The spec of each service that `docker stack deploy` would send, by the service's name in the stack file. */
export function planSpecs(
  release: Release,
  facts: ClusterFacts,
  digests: Digests,
): ReadonlyMap<string, ServiceSpec> {
  const document = fillDocument(release, planFilling(release, facts, digests));
  const context = { stack: release.stack, document };
  return new Map(Object.keys(document.services ?? {}).map((name) => [name, planSpec(context, name)]));
}

/** Services whose live number of replicas is kept: service -> replicas. */
function planScale(
  { stack, services, settings }: Release,
  facts: Pick<ClusterFacts, 'services'>,
): Readonly<Record<string, number>> {
  if (!settings.KEEP_LIVE_SCALE) return {};
  const kept = services.flatMap(({ name, replicas }) => {
    // One that becomes global has no number.
    if (replicas === undefined) return [];
    const live = liveOf(stack, name, facts.services)?.spec.Mode?.Replicated?.Replicas;
    return live === undefined ? [] : [[name, live] as const];
  });
  return Object.fromEntries(kept);
}

/**
 * Services that run the wanted digest already: service -> the reference that runs. A new tag alone would restart each
 * task of a service that did not change.
 */
function planImages(
  { stack, services }: Release,
  facts: Pick<ClusterFacts, 'services'>,
  digests: Digests,
): Readonly<Record<string, string>> {
  const kept = services.flatMap(({ name, image }) => {
    const live = liveOf(stack, name, facts.services)?.spec.TaskTemplate?.ContainerSpec?.Image ?? '';
    const wanted = digests[image] ?? image.split('@')[1];
    const isSame = repositoryOf(live) === repositoryOf(image) && live.endsWith(`@${wanted}`);
    return isSame ? [[name, live] as const] : [];
  });
  return Object.fromEntries(kept);
}

/** `specs` are those that planSpecs makes of the same release and facts. */
export function planChanges(
  release: Release,
  facts: ClusterFacts,
  specs: ReadonlyMap<string, ServiceSpec>,
): Changes {
  const recorded = recordedTemplates(facts.records);
  const planned = [...specs].map(([name, spec]) =>
    isReleaseJob(release.document.services?.[name])
      ? planJob(name, spec)
      : planService(name, spec, liveOf(release.stack, name, facts.services), { release, facts, recorded }),
  );
  const removed = facts.services
    .map(({ name }) => name.slice(release.stack.length + 1))
    .filter((name) => !specs.has(name))
    .map((name) => planRemoval(name, liveOf(release.stack, name, facts.services)));
  const versions = planVersions(release, facts);
  const isLive = (name: string) => liveOf(release.stack, name, facts.services) !== undefined;
  const waves = planWaves(release.document, isLive);
  const inTurn = planned.map((change) => tellTurn(change, waves));
  return {
    services: [...inTurn, ...removed].sort((a, b) => (a.name < b.name ? -1 : 1)),
    objects: release.objects
      .map((object) => {
        const { kind, key } = object;
        const action = Object.hasOwn(facts.reusable, objectId(object))
          ? ('reuse' as const)
          : ('create' as const);
        return { kind, key, action, name: versions[objectId(object)] ?? '' };
      })
      .sort((a, b) => (objectId(a) < objectId(b) ? -1 : 1)),
    networks: planNetworkChanges(release, facts.networks),
  };
}

/** Says of a service that changes which ones come before it. */
function tellTurn(change: ServiceChange, waves: readonly (readonly string[])[]): ServiceChange {
  const before = waves[waves.findIndex((names) => names.includes(change.name)) - 1];
  if (!before || change.action === 'nothing') return change;
  return { ...change, notes: [...change.notes, `begins when this is done: ${before.join(', ')}`] };
}

function liveOf(stack: string, name: string, services: readonly SwarmService[]): SwarmService | undefined {
  return services.find((service) => service.name === `${stack}_${name}`);
}
