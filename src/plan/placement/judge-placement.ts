import type { ServiceSpec } from '../../shared/service-spec.ts';
import type { SwarmNode } from '../../shared/swarm.ts';
import type { ServiceChange } from '../changes/changes.ts';
import type { ClusterFacts } from '../changes/facts.ts';
import { meetsConstraint } from './judge-constraint.ts';
import { Room } from './room.ts';
import { countSurge } from './surge.ts';

/** A service with the spec that it is to have. */
export interface PlacementRequest {
  readonly change: ServiceChange;
  readonly spec: ServiceSpec;
  /** Of its image; empty: not known, so not asked for. */
  readonly platforms: readonly string[];
}

/** A service that Swarm could not place, and for each node what keeps it from there. */
export interface Unplaceable {
  readonly name: string;
  readonly wanted: number;
  readonly room: number;
  readonly nodes: readonly string[];
}

/**
 * Puts the tasks that a deploy starts onto the nodes, in thought, as Swarm would: spread, within constraints,
 * platforms, reservations, host ports and replicas per node. Services that would wait for ever are given back.
 */
export function judgePlacement(
  placements: readonly PlacementRequest[],
  facts: ClusterFacts,
  stack: string,
): readonly Unplaceable[] {
  const ending = findEnding(placements, facts, stack);
  const rooms = facts.nodes.map((node) => {
    const here = facts.tasks.filter(({ nodeId, serviceId }) => nodeId === node.id && !ending.has(serviceId));
    return new Room(node, here);
  });
  const idOf = ({ change }: PlacementRequest) =>
    facts.services.find(({ name }) => name === `${stack}_${change.name}`)?.id ?? change.name;
  return placements
    .filter(({ change }) => (change.starts ?? 1) > 0)
    .flatMap((placing) => place(placing, idOf(placing), rooms));
}

/** Ids of the services whose tasks the deploy ends, all of them: they are replaced, or the service goes. */
function findEnding(
  placements: readonly PlacementRequest[],
  { services }: ClusterFacts,
  stack: string,
): ReadonlySet<string> {
  const ending = services.filter(({ name, wanted }) => {
    const placing = placements.find(({ change }) => `${stack}_${change.name}` === name);
    if (!placing || placing.change.action === 'recreate') return true;
    return placing.change.action === 'restart' && (placing.change.stops ?? wanted) >= wanted;
  });
  return new Set(ending.map(({ id }) => id));
}

function place(
  { change, spec, platforms }: PlacementRequest,
  service: string,
  rooms: readonly Room[],
): Unplaceable[] {
  const barred = new Map(rooms.map((room) => [room, bar(room.node, spec, platforms)]));
  const open = rooms.filter((room) => barred.get(room) === undefined);
  const isGlobal = spec.Mode?.Global !== undefined || spec.Mode?.GlobalJob !== undefined;
  const wanted = isGlobal ? open.length : (change.starts ?? 0) + surge(change, spec);
  const placed = isGlobal
    ? open.filter((room) => takeIfRoom(room, spec, service)).length
    : spread(wanted, open, spec, service);
  if (placed >= wanted && open.length > 0) return [];
  const beside = isGlobal ? 0 : surge(change, spec);
  const order = beside > 0 ? [`start-first: ${beside} of them run next to the tasks that they replace`] : [];
  const nodes = rooms.map((room) => {
    const reason = barred.get(room) ?? room.refuse(spec, service) ?? 'has room';
    return `${room.node.hostname}: ${reason}`;
  });
  return [{ name: change.name, wanted: Math.max(wanted, 1), room: placed, nodes: [...order, ...nodes] }];
}

/** Each task goes where the fewest of its service are, and then where most memory is left. Gives how many fit. */
function spread(wanted: number, open: readonly Room[], spec: ServiceSpec, service: string): number {
  for (let placed = 0; placed < wanted; placed++) {
    const [next] = open
      .filter((room) => room.refuse(spec, service) === undefined)
      .sort((a, b) => a.tasksOf(service) - b.tasksOf(service) || b.memory - a.memory);
    if (!next) return placed;
    next.take(spec, service);
  }
  return wanted;
}

function takeIfRoom(room: Room, spec: ServiceSpec, service: string): boolean {
  if (room.refuse(spec, service) !== undefined) return false;
  room.take(spec, service);
  return true;
}

/** With start-first a new task runs beside the one that it replaces. */
function surge({ action }: ServiceChange, { UpdateConfig, Mode }: ServiceSpec): number {
  if (action !== 'restart') return 0;
  return countSurge(UpdateConfig?.Order, UpdateConfig?.Parallelism ?? 1, Mode?.Replicated?.Replicas ?? 1);
}

/** Why no task of this spec may ever run on the node; undefined when it may. */
function bar(node: SwarmNode, spec: ServiceSpec, platforms: readonly string[]): string | undefined {
  if (node.state !== 'ready') return `is ${node.state}`;
  if (node.availability !== 'active') return `is set to ${node.availability}`;
  const constraints = spec.TaskTemplate?.Placement?.Constraints ?? [];
  const broken = constraints.find((constraint) => !meetsConstraint(node, constraint));
  if (broken) return `does not meet ${broken}`;
  if (platforms.length === 0 || platforms.includes(node.platform)) return undefined;
  return `is ${node.platform}, the image is for ${platforms.join(', ')}`;
}

export function describeUnplaceable({ name, wanted, room, nodes }: Unplaceable): readonly string[] {
  return [
    `${name}: ${wanted} tasks are to be placed, there is room for ${room}`,
    ...nodes.map((node) => `  ${node}`),
  ];
}
