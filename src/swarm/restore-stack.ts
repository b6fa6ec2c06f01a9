import pRetry from 'p-retry';
import type { ClusterFacts } from '../plan/changes/facts.ts';
import { PHASE_LABEL } from '../plan/labels.ts';
import { recordedTemplates } from '../plan/records/recorded-templates.ts';
import { targetsOf } from '../plan/spec/network-ids.ts';
import { listReferences } from '../plan/spec/references.ts';
import { codeOf, DeployError } from '../shared/errors.ts';
import type { LiveNetwork } from '../shared/network.ts';
import type { ServiceSpec } from '../shared/service-spec.ts';
import { settleAll } from '../shared/settle-all.ts';
import type { Swarm } from '../shared/swarm.ts';
import { planRestore, type RecordedService, type Snapshot, type UsedObject } from './plan-restore.ts';
import { type RemoveServicesOptions, removeServices } from './remove-services.ts';

const LOOK_MS = 500;

/** Jobs of the release phase that an interrupted run left are not restored: they would run again. */
export async function takeSnapshot(
  swarm: Swarm,
  stack: string,
  facts: Pick<ClusterFacts, 'networks' | 'secrets' | 'configs' | 'records'>,
): Promise<Snapshot> {
  const [all, own, tasks] = await Promise.all([
    swarm.readServices(stack),
    swarm.readNetworks(stack),
    swarm.readTasks(stack),
  ]);
  const services = all.filter(({ spec }) => !spec.Labels?.[PHASE_LABEL]);
  const running = tasks.filter(({ state }) => state === 'running');
  const countOf = (id: string) => running.filter(({ serviceId }) => serviceId === id).length;
  const specs = services.map(({ spec }) => spec);
  return {
    services,
    templates: recordedTemplates(facts.records),
    networks: [...own, ...listForeign(specs, own, facts.networks)],
    used: listUsed(specs, facts),
    taskIds: new Set(tasks.map(({ id }) => id)),
    running: new Map(services.map(({ id, name }) => [name, countOf(id)])),
  };
}

/** Networks of others that a service is on. */
function listForeign(
  specs: readonly ServiceSpec[],
  own: readonly LiveNetwork[],
  all: readonly LiveNetwork[],
): readonly LiveNetwork[] {
  const targets = new Set(specs.flatMap(targetsOf));
  return all.filter(({ id }) => targets.has(id) && !own.some((network) => network.id === id));
}

function listUsed(
  specs: readonly ServiceSpec[],
  facts: Pick<ClusterFacts, 'secrets' | 'configs'>,
): readonly UsedObject[] {
  const ids = new Set(specs.flatMap(listReferences).map(({ id }) => id));
  return (['secret', 'config'] as const).flatMap((kind) =>
    facts[`${kind}s`].filter(({ id }) => ids.has(id)).map((object) => ({ ...object, kind })),
  );
}

/**
 * Makes every change that these services need to be what they were; says whether any did. Waits for no tasks but those of
 * a service that is made again.
 */
export async function restoreServices(
  removing: RemoveServicesOptions,
  wanted: readonly RecordedService[],
  isPart: (name: string) => boolean = () => true,
  isEvery = false,
): Promise<boolean> {
  const { swarm, stack } = removing;
  const ofPart = <Service extends RecordedService>(services: readonly Service[]) =>
    services.filter(({ name }) => isPart(name));
  const restore = planRestore(ofPart(wanted), ofPart(await swarm.readServices(stack)), isEvery);
  // One service that cannot be restored must not stop the others.
  const changes = [
    ...restore.update.map(({ id, spec }) => swarm.updateService(id, spec)),
    ...restore.replace.map(({ id, spec }) =>
      removeServices(removing, [id]).then(() => swarm.createService(spec)),
    ),
    ...restore.create.map((spec) => swarm.createService(spec)),
    ...restore.remove.map((id) => swarm.removeService(id)),
  ];
  await settleAll(changes, 'RESTORE_FAILED');
  return changes.length > 0;
}

/**
 * Removes the networks that were not there, unless a service that could not be put back is on one; says whether any. One
 * can go only when the last task has left it, which may take as long as that needs to stop: at most `timeoutMs`.
 */
export async function restoreNetworks(
  swarm: Swarm,
  stack: string,
  before: Snapshot,
  timeoutMs: number,
): Promise<boolean> {
  const [networks, services] = await Promise.all([swarm.readNetworks(stack), swarm.readServices(stack)]);
  // By name: one that was removed meanwhile, and made again, has another id.
  const were = new Set(before.networks.map(({ name }) => name));
  const used = new Set(services.flatMap(({ spec }) => targetsOf(spec)));
  const added = networks.filter(({ id, name }) => !were.has(name) && !used.has(id));
  await removeNetworks(
    swarm,
    stack,
    added.map(({ id }) => id),
    timeoutMs,
  );
  return added.length > 0;
}

/** Removes networks of the stack, and waits until no node uses them. */
export async function removeNetworks(
  swarm: Swarm,
  stack: string,
  ids: readonly string[],
  timeoutMs: number,
): Promise<void> {
  await settleAll(
    ids.map((id) => removeNetwork(swarm, stack, id, timeoutMs)),
    'DEPLOY_FAILED',
  );
}

/** Done when no node holds on to it any more: a deploy that follows at once may want the same name. */
async function removeNetwork(swarm: Swarm, stack: string, id: string, timeoutMs: number): Promise<void> {
  const end = performance.now() + timeoutMs;
  const remove = async () => {
    await swarm.removeNetwork(id);
    const left = await swarm.readNetworks(stack);
    if (left.some((network) => network.id === id))
      throw new DeployError('DEPLOY_FAILED', `the network ${id} is still in use`);
  };
  const shouldRetry = ({ error }: { error: Error }) =>
    performance.now() < end && codeOf(error) !== 'LOCK_LOST';
  await pRetry(remove, { retries: Number.POSITIVE_INFINITY, factor: 1, minTimeout: LOOK_MS, shouldRetry });
}
