import type { LiveNetwork } from '../shared/network.ts';
import { settleAll } from '../shared/settle-all.ts';
import type { Swarm } from '../shared/swarm.ts';
import {
  findLacking,
  type NamedObjects,
  planNetworks,
  planRecreate,
  renewSnapshot,
} from './plan-recreate.ts';
import type { Snapshot, UsedObject } from './plan-restore.ts';

/** The content of what was removed; undefined: nobody has it. */
export type FindContent = (object: UsedObject) => Promise<Buffer | undefined>;

export interface RecreateResult {
  /** With the ids that everything has now. */
  readonly before: Snapshot;
  /** Names of services that cannot be restored, because something that they need no longer exists. */
  readonly stranded: ReadonlySet<string>;
  /** What is gone and nobody can make again, a line each. */
  readonly gone: readonly string[];
  /** Why something could not be made, this time. */
  readonly failures: readonly unknown[];
  /** Something was made. */
  readonly hasChanged: boolean;
}

/**
 * Networks, secrets and configs that somebody removed since then are made again, where all that they were is known. To be
 * done once more when a service is refused for it: a manager goes on listing a network that is gone while its own engine
 * still holds it.
 */
export async function recreateObjects(
  swarm: Swarm,
  stack: string,
  before: Snapshot,
  findContent: FindContent,
): Promise<RecreateResult> {
  const was = await readNamable(swarm);
  const { networks, objects } = planRecreate(before, stack, was);
  const found = await Promise.all(
    objects.map(async (object) => ({ object, value: await findContent(object) })),
  );
  const making = [
    ...networks.map((network) => swarm.createNetwork(network)),
    ...found.flatMap(({ object, value }) => (value ? [recreateObject(swarm, object, value)] : [])),
  ];
  const results = await Promise.allSettled(making);
  const failures = results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []));
  const live = making.length > 0 ? await readNamable(swarm) : was;
  const renewed = renewSnapshot(before, live);
  const lacking = renewed.services.flatMap(({ name, spec }) =>
    findLacking(spec, before.networks, live).map((what) => ({ name, what })),
  );
  const makeable = [
    ...networks.map(({ name }) => `the network ${name}`),
    ...found.flatMap(({ object: { kind, name }, value }) => (value ? [`the ${kind} ${name}`] : [])),
  ];
  return {
    before: renewed,
    stranded: new Set(lacking.map(({ name }) => name)),
    gone: lacking
      .filter(({ what }) => !makeable.includes(what))
      .map(({ name, what }) => `cannot restore ${name}: ${what} no longer exists`),
    failures,
    hasChanged: making.length > failures.length,
  };
}

function recreateObject(
  swarm: Swarm,
  { kind, name, labels, templating }: UsedObject,
  value: Buffer,
): Promise<void> {
  return swarm.createObject(kind, { name, value, labels, templating });
}

/** Makes those of the networks whose names are gone. */
export async function recreateNetworks(
  swarm: Swarm,
  recorded: readonly LiveNetwork[],
  live: readonly LiveNetwork[],
): Promise<void> {
  const making = planNetworks(recorded, live).map((network) => swarm.createNetwork(network));
  await settleAll(making, 'DEPLOY_FAILED');
}

async function readNamable(swarm: Swarm): Promise<NamedObjects> {
  const [networks, secrets, configs] = await Promise.all([
    swarm.readNetworks(),
    swarm.readObjects('secret'),
    swarm.readObjects('config'),
  ]);
  return { networks, secrets, configs };
}
