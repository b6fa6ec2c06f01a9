import { BlockList } from 'node:net';
import { STACK_NAMESPACE } from '../plan/labels.ts';
import { findGone, renewNetworks } from '../plan/spec/network-ids.ts';
import { listReferences, mapReferences, type Reference } from '../plan/spec/references.ts';
import type { LiveNetwork, NewNetwork } from '../shared/network.ts';
import type { ServiceSpec } from '../shared/service-spec.ts';
import type { SwarmObject } from '../shared/swarm.ts';
import type { Snapshot, UsedObject } from './plan-restore.ts';

/** What the whole cluster has now of all that a service can name. */
export interface NamedObjects {
  readonly networks: readonly LiveNetwork[];
  readonly secrets: readonly SwarmObject[];
  readonly configs: readonly SwarmObject[];
}

/** Networks of the stack, and secrets and configs, that were there and whose names nothing has any more. */
export function planRecreate(
  { networks, used }: Pick<Snapshot, 'networks' | 'used'>,
  stack: string,
  live: NamedObjects,
): { readonly networks: readonly NewNetwork[]; readonly objects: readonly UsedObject[] } {
  const own = networks.filter(({ labels }) => labels[STACK_NAMESPACE] === stack);
  const names = (kind: UsedObject['kind']) => new Set(live[`${kind}s`].map(({ name }) => name));
  const there = { secret: names('secret'), config: names('config') };
  return {
    networks: planNetworks(own, live.networks),
    objects: used.filter(({ kind, name }) => !there[kind].has(name)),
  };
}

/** The same, without an address range that another network has now: Swarm would never use it. */
export function planNetworks(
  recorded: readonly LiveNetwork[],
  live: readonly LiveNetwork[],
): readonly NewNetwork[] {
  const taken = live.flatMap(subnetsOf);
  return findGone(recorded, live).map(({ id: _, ...network }) => {
    const { [NUMBERS]: _numbers, ...options } = network.options;
    const isFree = subnetsOf(network).every((subnet) => !taken.some((other) => overlaps(subnet, other)));
    return { ...network, options, ipam: isFree ? network.ipam : withoutRanges(network.ipam) };
  });
}

/** Of the networks on the wire; Swarm gives them, and another network may have them by now. */
const NUMBERS = 'com.docker.network.driver.overlay.vxlanid_list';

const subnetsOf = ({ ipam }: Pick<LiveNetwork, 'ipam'>) =>
  (ipam?.Config ?? []).flatMap(({ Subnet }) => (Subnet ? [Subnet] : []));

function withoutRanges(ipam: LiveNetwork['ipam']): LiveNetwork['ipam'] {
  const { Config: _, ...rest } = ipam ?? {};
  return rest;
}

/** `10.0.1.0/24` and `10.0.0.0/16` do. */
function overlaps(one: string, other: string): boolean {
  const holds = (subnet: string, [address = '']: readonly string[]) => {
    const [first = '', length] = subnet.split('/');
    const list = new BlockList();
    list.addSubnet(first, Number(length), familyOf(first));
    return list.check(address, familyOf(address));
  };
  return holds(one, other.split('/')) || holds(other, one.split('/'));
}

const familyOf = (address: string) => (address.includes(':') ? 'ipv6' : 'ipv4');

/** The snapshot with the current ids of networks, secrets and configs of the same names. */
export function renewSnapshot(before: Snapshot, live: NamedObjects): Snapshot {
  const specs = before.services.map(({ spec }) => mapReferences(spec, (one) => renew(one, live)));
  const renewed = renewNetworks(specs, before.networks, live.networks);
  return {
    ...before,
    services: before.services.map((service, at) => ({ ...service, spec: renewed[at] ?? service.spec })),
  };
}

function renew({ kind, id, name }: Reference, live: NamedObjects): Reference {
  const objects = live[`${kind}s`];
  if (objects.some((object) => object.id === id)) return { kind, id, name };
  return { kind, id: objects.find((object) => object.name === name)?.id ?? id, name };
}

/** What a spec names and the cluster does not have: `the secret shop_key_v1`. */
export function findLacking(
  spec: ServiceSpec,
  recorded: Snapshot['networks'],
  live: NamedObjects,
): readonly string[] {
  const lacks = (list: readonly { readonly id: string }[], id = '') => !list.some((one) => one.id === id);
  const nameOf = (target = '') => recorded.find(({ id }) => id === target)?.name ?? target;
  return [
    ...listReferences(spec)
      .filter(({ kind, id }) => lacks(live[`${kind}s`], id))
      .map(({ kind, name }) => `the ${kind} ${name}`),
    ...(spec.TaskTemplate?.Networks ?? [])
      .filter(({ Target }) => lacks(live.networks, Target))
      .map(({ Target }) => `the network ${nameOf(Target)}`),
  ];
}
