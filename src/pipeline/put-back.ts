import { setTimeout as sleep } from 'node:timers/promises';
import { describeServices } from '../plan/records/describe-releases.ts';
import { planWaves } from '../plan/release/plan-waves.ts';
import type { Release } from '../plan/release/release.ts';
import { allOf } from '../shared/all-of.ts';
import { DeployError, messageOf } from '../shared/errors.ts';
import { patiently } from '../shared/patiently.ts';
import type { SwarmService } from '../shared/swarm.ts';
import type { Tools } from '../shared/tools.ts';
import { awaitStack } from '../swarm/await-stack.ts';
import { hasFailed } from '../swarm/judge-service.ts';
import { isBack, isSameSet, requireHope } from '../swarm/judge-stack.ts';
import type { Look } from '../swarm/look.ts';
import type { Snapshot } from '../swarm/plan-restore.ts';
import { restoreNetworks, restoreServices } from '../swarm/restore-stack.ts';
import { staying } from '../swarm/staying.ts';
import { patienceOf } from './patience.ts';
import type { Restoring } from './step.ts';

const LOOK_MS = 500;

/**
 * Puts a stack back and waits for it, and again until it stays so, for `quietMs` at least: what a command that was just
 * ended had asked for may still be done. Says whether anything had to be changed.
 */
export async function putBack(deployment: Restoring, before: Snapshot, quietMs: number): Promise<boolean> {
  const deadline = performance.now() + patienceOf(deployment.release.settings).timeoutMs;
  let hasChanged = await restoreAndWait(deployment, before);
  for (let since = performance.now(); ; await sleep(LOOK_MS)) {
    const moved = await findMoved(deployment, before);
    if (moved.length === 0 && performance.now() - since >= quietMs) return hasChanged;
    if (moved.length === 0) continue;
    if (performance.now() > deadline) throw doesNotStay(moved);
    hasChanged = true;
    await restoreAndWait(deployment, before);
    since = performance.now();
  }
}

/** What is not as it was, a line each. */
async function findMoved({ release, tools }: Restoring, before: Snapshot): Promise<readonly string[]> {
  const { swarm, signal } = tools;
  const read = () => Promise.all([swarm.readServices(release.stack), swarm.readNetworks(release.stack)]);
  const [services, networks] = await patiently(read, { onFirstFailure: () => {}, signal });
  const known = new Set(before.networks.map(({ id }) => id));
  const specsOf = (list: readonly SwarmService[]) => list.map(({ spec }) => spec);
  return [
    ...describeServices(specsOf(before.services), specsOf(services)),
    ...networks.filter(({ id }) => !known.has(id)).map(({ name }) => `the network ${name}: is new`),
  ];
}

const doesNotStay = (moved: readonly string[]) =>
  new DeployError('RESTORE_FAILED', 'the stack does not stay as it is put back', {
    details: moved,
    hint: 'find out who changes it: another deploy, or somebody by hand',
  });

async function restoreAndWait(deployment: Restoring, before: Snapshot): Promise<boolean> {
  const hasChanged = await restoreAll(deployment, before);
  if (hasChanged) await awaitBack(deployment, before);
  return hasChanged;
}

/** Puts every service back, each group before the next is begun, then the networks. Says whether any was changed. */
async function restoreAll(deployment: Restoring, before: Snapshot): Promise<boolean> {
  const { release, tools } = deployment;
  const groups = restoreGroups(release);
  const failures: unknown[] = [];
  let hasChanged = false;
  for (const [at, isPart] of groups.entries()) {
    const restore = () => restoreServices(tools.swarm, release.stack, before.services, isPart);
    const isChanged = await untilDone(restore, tools.signal).catch((error) => {
      failures.push(error);
      return true;
    });
    hasChanged ||= isChanged;
    // One that does not come back must not keep the next from it; the last wait judges all.
    if (isChanged && at < groups.length - 1)
      await awaitBack(deployment, before, isPart).catch((error) =>
        tools.log.warn(tools.mask(messageOf(error))),
      );
  }
  const thrown = failures.map((failure) => Promise.reject(failure));
  await allOf(thrown, 'RESTORE_FAILED');
  const restore = () => restoreNetworks(tools.swarm, release.stack, before);
  return (await untilDone(restore, tools.signal)) || hasChanged;
}

/** A Swarm that has no leader for a moment refuses every change: what is not put back yet is tried again. */
async function untilDone(restore: () => Promise<boolean>, signal: AbortSignal): Promise<boolean> {
  // What an attempt that failed did change is not changed again.
  let hasTried = false;
  const onFirstFailure = () => {
    hasTried = true;
  };
  return (await patiently(restore, { onFirstFailure, signal })) || hasTried;
}

/** What depends on others goes back first; what is in no wave, removed services for one, goes with that. */
function restoreGroups({ stack, document }: Release): readonly ((name: string) => boolean)[] {
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

async function awaitBack(
  { release, tools }: Restoring,
  before: Snapshot,
  isPart?: (name: string) => boolean,
): Promise<void> {
  const { stack, settings } = release;
  const wanted = before.services.map(({ name }) => name).filter((name) => isPart?.(name) ?? true);
  const isGood = (look: Look) => isBack(look, before);
  const backState = (look: Look) => (isGood(look) ? 'back' : undefined);
  // What the next group waits for need not have stayed so: the last wait, for all, sees to that.
  const areBack = isPart ? (looks: readonly Look[]) => looks.every(isGood) : staying(backState);
  const isDone = (looks: readonly Look[]) => {
    const others = looks.filter((look) => !isGood(look));
    requireHope(others, 'RESTORE_FAILED');
    return areBack(looks) && isSameSet(looks, wanted);
  };
  const known = await findEnded(tools, stack);
  await awaitStack({ ...tools, ...patienceOf(settings), stack, isPart, isDone, known, spec: 'before' });
}

/** Ids of tasks that are over: what was put back is judged by what it does from now on. */
async function findEnded({ swarm, signal }: Tools, stack: string): Promise<ReadonlySet<string>> {
  const tasks = await patiently(() => swarm.readTasks(stack, 'current'), {
    onFirstFailure: () => {},
    signal,
  });
  return new Set(tasks.filter((task) => hasFailed(task) || task.state === 'complete').map(({ id }) => id));
}
