import { setTimeout as sleep } from 'node:timers/promises';
import { STACK_NAMESPACE } from '../plan/labels.ts';
import { describeServices } from '../plan/records/describe-releases.ts';
import { scaleAs } from '../plan/records/plan-drift.ts';
import { planWaves } from '../plan/release/plan-waves.ts';
import type { Release } from '../plan/release/release.ts';
import { findGone, renewNetworks } from '../plan/spec/network-ids.ts';
import { DeployError, messageOf } from '../shared/errors.ts';
import { retryForMinute } from '../shared/retry-for-minute.ts';
import { settleAll } from '../shared/settle-all.ts';
import type { SwarmService } from '../shared/swarm.ts';
import type { Snapshot } from '../swarm/plan-restore.ts';
import { recreateObjects } from '../swarm/recreate-objects.ts';
import { restoreNetworks, restoreServices } from '../swarm/restore-stack.ts';
import { awaitRestored, type IsIncluded } from './await-restored.ts';
import { findContent } from './find-content.ts';
import type { RestoreContext } from './step.ts';
import { removalOptions, waitLimits } from './wait-limits.ts';

const LOOK_MS = 500;

export interface RestoreOptions {
  /** How long the stack must stay unchanged, in ms: requests of a command that was just ended may still take effect. */
  readonly quietMs: number;
  /** Unchanged services are updated, too: a command that listed them before can then change none of them. */
  readonly isEvery: boolean;
}

/** Restores a stack and waits for it, repeatedly until it stays. Returns whether anything had to be changed. */
export async function restoreStack(
  deployment: RestoreContext,
  before: Snapshot,
  { quietMs, isEvery }: RestoreOptions,
): Promise<boolean> {
  const deadline = performance.now() + waitLimits(deployment.release.settings).timeoutMs;
  let hasChanged = await restoreAndWait(deployment, before, isEvery);
  for (let since = performance.now(); ; await sleep(LOOK_MS)) {
    const moved = await findMoved(deployment, before);
    if (moved.length === 0 && performance.now() - since >= quietMs) return hasChanged;
    if (moved.length === 0) continue;
    if (performance.now() > deadline) throw doesNotStay(moved);
    hasChanged = true;
    await restoreAndWait(deployment, before, isEvery);
    since = performance.now();
  }
}

/** Differences to the snapshot, a line each. */
async function findMoved({ release, tools }: RestoreContext, before: Snapshot): Promise<readonly string[]> {
  const { swarm, signal } = tools;
  const { stack } = release;
  const read = () => Promise.all([swarm.readServices(stack), swarm.readNetworks(stack)]);
  const [services, networks] = await retryForMinute(read, { onFirstFailure: () => {}, signal });
  const templates = [...before.templates, ...release.templates];
  const specsOf = (list: readonly SwarmService[]) => list.map(({ spec }) => spec);
  const own = before.networks.filter(({ labels }) => labels[STACK_NAMESPACE] === stack);
  const [were, are] = [renewNetworks(specsOf(before.services), own, networks), specsOf(services)];
  return [
    // Somebody may scale at any time.
    ...describeServices(
      { services: were, templates },
      { services: release.settings.KEEP_LIVE_SCALE ? scaleAs(were, are) : are, templates },
    ),
    ...findGone(networks, before.networks).map(({ name }) => `the network ${name}: is new`),
    ...findGone(own, networks).map(({ name }) => `the network ${name}: is gone`),
  ];
}

const doesNotStay = (moved: readonly string[]) =>
  new DeployError('RESTORE_FAILED', 'cannot restore the stack: something keeps changing its services', {
    details: moved,
    hint: 'find out who changes it: another deploy, or a person with `docker service update`',
  });

async function restoreAndWait(
  deployment: RestoreContext,
  recorded: Snapshot,
  isEvery: boolean,
): Promise<boolean> {
  const restored = await restoreAll(deployment, recorded, isEvery);
  const waiting = restored.hasChanged ? awaitAll(deployment, recorded, restored) : Promise.resolve();
  await settleAll([waiting, requireNoneGone(restored.gone)], 'RESTORE_FAILED');
  return restored.hasChanged;
}

/** A restart of an engine is enough for Swarm to stop an update: retry an update that it stopped. */
async function awaitAll(
  deployment: RestoreContext,
  recorded: Snapshot,
  restored: RestoreResult,
): Promise<void> {
  const { before, isPart } = restored;
  if (await awaitRestored(deployment, before, { isPart, isLast: true, mayStop: true })) return;
  deployment.tools.log.warn('Swarm stopped the restore of a service: retrying');
  const again = await restoreAll(deployment, recorded);
  await awaitRestored(deployment, again.before, { isPart: again.isPart, isLast: true });
}

async function requireNoneGone(details: readonly string[]): Promise<void> {
  if (details.length === 0) return;
  throw new DeployError('RESTORE_FAILED', 'cannot restore the stack: objects that it needs no longer exist', {
    details,
    hint: 'create each one again under the same name (`docker secret create`), then run `waggle deploy --on-interrupted=rollback`',
  });
}

/** The result of a restore. */
interface RestoreResult {
  readonly hasChanged: boolean;
  /** With the ids that everything has now. */
  readonly before: Snapshot;
  /** Services that cannot be restored are left out, and do not stop the others. */
  readonly isPart: IsIncluded;
  readonly gone: readonly string[];
}

/** Restores every service, one group after the other, then the networks. */
async function restoreAll(
  deployment: RestoreContext,
  recorded: Snapshot,
  isEvery = false,
): Promise<RestoreResult> {
  const { release, tools } = deployment;
  const groups = restoreGroups(release);
  const failures: unknown[] = [];
  let restored: RestoreResult = { hasChanged: false, before: recorded, isPart: () => true, gone: [] };
  for (const [at, isOfGroup] of groups.entries()) {
    let group = restored;
    const restore = async () => {
      group = await restoreGroup(deployment, recorded, isOfGroup, isEvery);
      return group.hasChanged;
    };
    const hasChanged = await untilDone(restore, tools.signal).catch((error) => {
      failures.push(error);
      return true;
    });
    restored = { ...group, hasChanged: restored.hasChanged || hasChanged };
    // One that does not come back must not keep the next from it; the last wait judges all.
    const isPart = (name: string) => isOfGroup(name) && group.isPart(name);
    if (hasChanged && at < groups.length - 1)
      await awaitRestored(deployment, group.before, { isPart, isLast: false }).catch((error) =>
        tools.log.warn(messageOf(error)),
      );
  }
  await throwIfFailed(failures);
  const { timeoutMs } = waitLimits(release.settings);
  const restore = () => restoreNetworks(tools.swarm, release.stack, recorded, timeoutMs);
  const hasChanged = await untilDone(restore, tools.signal);
  return { ...restored, hasChanged: restored.hasChanged || hasChanged };
}

/** Makes again what is gone, then the changes to the services of a group; both at once, as either may have to be tried again. */
async function restoreGroup(
  restoring: RestoreContext,
  recorded: Snapshot,
  isOfGroup: IsIncluded,
  isEvery: boolean,
): Promise<RestoreResult> {
  const { release, tools } = restoring;
  const remade = await recreateObjects(tools.swarm, release.stack, recorded, (object) =>
    findContent(release, object),
  );
  const { before, stranded, gone, failures } = remade;
  const isPart = (name: string) => !stranded.has(name);
  const isOf = (name: string) => isOfGroup(name) && isPart(name);
  const isChanged = await restoreServices(removalOptions(restoring), before.services, isOf, isEvery);
  await throwIfFailed(failures);
  return { hasChanged: isChanged || remade.hasChanged, before, isPart, gone };
}

const throwIfFailed = (failures: readonly unknown[]) =>
  settleAll(
    failures.map((failure) => Promise.reject(failure)),
    'RESTORE_FAILED',
  );

/** A Swarm without a leader refuses every change for a moment: retry what is not restored yet. */
async function untilDone(restore: () => Promise<boolean>, signal: AbortSignal): Promise<boolean> {
  // What an attempt that failed did change is not changed again.
  let hasTried = false;
  const onFirstFailure = () => {
    hasTried = true;
  };
  return (await retryForMinute(restore, { onFirstFailure, signal })) || hasTried;
}

/** What depends on others goes back first; what is in no wave, removed services for one, goes with that. */
function restoreGroups({ stack, document }: Release): readonly IsIncluded[] {
  const waves = planWaves(document, () => true).map((names) => names.map((name) => `${stack}_${name}`));
  const known = new Set(waves.flat());
  const last = waves.at(-1) ?? [];
  return [
    (name) => last.includes(name) || !known.has(name),
    ...waves
      .slice(0, -1)
      .reverse()
      .map((names) => (name: string) => names.includes(name)),
  ];
}
