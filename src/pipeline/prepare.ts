import { setTimeout as sleep } from 'node:timers/promises';
import { listRecreated } from '../plan/changes/changes.ts';
import { type DeploymentPlan, planDeployment } from '../plan/changes/deployment-plan.ts';
import type { ClusterFacts } from '../plan/changes/facts.ts';
import { obstaclesOf } from '../plan/changes/save-plan.ts';
import { isIdTaken } from '../plan/records/is-id-taken.ts';
import type { Digests, Release } from '../plan/release/release.ts';
import { runChecks } from '../preflight/checks.ts';
import { DeployError } from '../shared/errors.ts';
import type { Tools } from '../shared/tools.ts';
import { gatherFacts } from './gather-facts.ts';
import { readImages } from './read-images.ts';
import { timed } from './run-steps.ts';

export interface Prepared {
  readonly facts: ClusterFacts;
  readonly plan: DeploymentPlan;
  /** Every question that has to be answered yes; throws all that are not. */
  check(): Promise<void>;
}

/** Asks the cluster and the registries, and plans from the answers. `fixed` digests win over those of today. */
export async function prepare(release: Release, tools: Tools, fixed: Digests = {}): Promise<Prepared> {
  const { log, swarm } = tools;
  const [facts, images] = await timed(log, 'ask the cluster', () =>
    Promise.all([gatherFacts(release, swarm), readImages(release, swarm)]),
  );
  const pinned = Object.entries(images).map(([image, found]) => [
    image,
    { ...found, digest: fixed[image] ?? found.digest },
  ]);
  return {
    facts,
    plan: planDeployment(release, facts, Object.fromEntries(pinned)),
    check: () => runChecks({ release, nodes: facts.nodes, tools }),
  };
}

/** Two runs of the same second must not share an id. */
export async function prepareUnique(
  read: Release,
  tools: Tools,
  load: () => Promise<Release>,
): Promise<{ readonly release: Release; readonly prepared: Prepared }> {
  for (let release = read; ; release = await load()) {
    const prepared = await prepare(release, tools);
    if (!isIdTaken(release, prepared.facts)) return { release, prepared };
    tools.log.info(`${release.id} was another run of the same second`);
    await sleep(1_000, undefined, { signal: tools.signal });
  }
}

/**
 * Swarm would leave pending what it cannot place, and Docker stop half way at what is missing. `mayRecreate`: somebody
 * has said that services may be down for a change.
 */
export function requireFeasible(plan: DeploymentPlan, mayRecreate: boolean): void {
  const unasked = mayRecreate ? [] : listRecreated(plan.changes);
  const details = [
    ...unasked.map(
      (name) => `${name}: its mode changes, so it would be down for a while: only with --allow-recreate`,
    ),
    ...obstaclesOf(plan),
  ];
  if (details.length === 0) return;
  throw new DeployError('PREFLIGHT_FAILED', 'the cluster cannot run this as it is', {
    details,
    hint: 'nothing was changed; give what the lines above name: a flag, or to Swarm nodes, labels, room or objects',
  });
}
