import { readPairs } from '../../config/pairs.ts';
import type { StackNetwork } from '../../config/stack-document.ts';
import type { LiveNetwork } from '../../shared/network.ts';
import { STACK_NAMESPACE } from '../labels.ts';
import type { Release } from '../release/release.ts';
import { networkKeys } from '../spec/plan-network.ts';
import { scopedName } from '../spec/scoped-name.ts';
import type { NetworkChange } from './changes.ts';

type Pairs = Readonly<Record<string, string>>;

const GONE = 'no service of the stack file is on it, and Docker keeps it: `docker network rm` removes it';

/** Networks that are made, and those that Docker leaves as they are though the stack file says otherwise. */
export function planNetworkChanges(
  { stack, document }: Release,
  networks: readonly LiveNetwork[],
): readonly NetworkChange[] {
  const declared = document.networks ?? {};
  const used = new Set(Object.values(document.services ?? {}).flatMap(networkKeys));
  const ours = [...used].filter((key) => !declared[key]?.external);
  const named = new Map(ours.map((key) => [scopedName(stack, declared[key], key), declared[key] ?? {}]));
  const made = [...named].flatMap(([name, network]) => planNetwork(name, network, networks));
  const left = networks
    .filter(({ name, labels }) => labels[STACK_NAMESPACE] === stack && !named.has(name))
    .map(({ name }) => ({ name, action: 'keep', note: GONE }) as const);
  return [...made, ...left].sort((a, b) => (a.name < b.name ? -1 : 1));
}

function planNetwork(name: string, network: StackNetwork, networks: readonly LiveNetwork[]): NetworkChange[] {
  const live = networks.find((one) => one.name === name);
  if (!live) return [{ name, action: 'create' }];
  const others = differences(network, live).join(', ');
  const note = `it was made with another ${others}, and Docker leaves a network that exists as it is: remove the stack first, or give it another name`;
  return others ? [{ name, action: 'keep', note }] : [];
}

/** Keys that the file has with another value. What it does not say, the engine may have filled in. */
function differences(network: StackNetwork, live: LiveNetwork): string[] {
  const { driver = 'overlay', internal = false, attachable = false } = network;
  return [
    ...(driver === live.driver ? [] : ['driver']),
    ...otherPairs('driver_opts', readPairs(network.driver_opts), live.options),
    ...(internal === live.internal ? [] : ['internal']),
    ...(attachable === live.attachable ? [] : ['attachable']),
    ...otherPairs('labels', readPairs(network.labels), live.labels),
  ];
}

function otherPairs(key: string, wanted: Pairs, live: Pairs): string[] {
  return Object.keys(wanted)
    .filter((name) => wanted[name] !== live[name])
    .map((name) => `${key}.${name}`);
}
