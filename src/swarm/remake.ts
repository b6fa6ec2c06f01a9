import { messageOf } from '../shared/errors.ts';
import type { LiveNetwork } from '../shared/network.ts';
import { patiently } from '../shared/patiently.ts';
import type { Swarm } from '../shared/swarm.ts';
import { findLacking, type Namable, planNetworks, planRemake, renewSnapshot } from './plan-remake.ts';
import type { Snapshot, UsedObject } from './plan-restore.ts';

/** The content of what was removed; undefined: nobody has it. */
export type FindContent = (object: UsedObject) => Promise<Buffer | undefined>;

export interface Remade {
  /** With the ids that everything has now. */
  readonly before: Snapshot;
  /** Names of services that cannot be put back, as something that they need is gone for good. */
  readonly stranded: ReadonlySet<string>;
  /** What is gone, and could not be made again, a line each. */
  readonly gone: readonly string[];
  /** Something was made. */
  readonly hasChanged: boolean;
}

/** Networks, secrets and configs that somebody removed since then are made again, where all that they were is known. */
export async function remake(
  swarm: Swarm,
  stack: string,
  before: Snapshot,
  findContent: FindContent,
): Promise<Remade> {
  const read = () => patiently(() => readNamable(swarm), { onFirstFailure: () => {} });
  const was = await read();
  const { networks, objects } = planRemake(before, stack, was);
  const attempts = [
    ...networks.map((network) => make(network.name, () => swarm.createNetwork(network))),
    ...objects.map((object) => remakeObject(swarm, object, findContent)),
  ];
  const problems = (await Promise.all(attempts)).filter((problem) => problem !== undefined);
  const live = attempts.length > 0 ? await read() : was;
  const renewed = renewSnapshot(before, live);
  const lacking = renewed.services.flatMap(({ name, spec }) =>
    findLacking(spec, before.networks, live).map((what) => ({ name, what })),
  );
  return {
    before: renewed,
    stranded: new Set(lacking.map(({ name }) => name)),
    gone: [...lacking.map(({ name, what }) => `${name} cannot be put back: ${what} is gone`), ...problems],
    hasChanged: attempts.length > problems.length,
  };
}

/** Makes those of the networks whose names are gone. */
export async function remakeNetworks(
  swarm: Swarm,
  recorded: readonly LiveNetwork[],
  live: readonly LiveNetwork[],
): Promise<void> {
  await Promise.all(planNetworks(recorded, live).map((network) => swarm.createNetwork(network)));
}

async function readNamable(swarm: Swarm): Promise<Namable> {
  const [networks, secrets, configs] = await Promise.all([
    swarm.readNetworks(),
    swarm.readObjects('secret'),
    swarm.readObjects('config'),
  ]);
  return { networks, secrets, configs };
}

async function remakeObject(
  swarm: Swarm,
  object: UsedObject,
  findContent: FindContent,
): Promise<string | undefined> {
  const { kind, name, labels, templating } = object;
  const value = await findContent(object);
  if (!value) return `the ${kind} ${name} was removed, and nobody here has what it held`;
  return make(name, () => swarm.createObject(kind, { name, value, labels, templating }));
}

/** Gives what went wrong: one that cannot be made must not keep the rest from being put back. */
function make(name: string, making: () => Promise<void>): Promise<string | undefined> {
  return patiently(making, { onFirstFailure: () => {} }).then(
    () => undefined,
    (error) => `${name} could not be made again: ${messageOf(error)}`,
  );
}
