import type { Amounts, ServiceSpec } from '../../shared/service-spec.ts';
import type { SwarmNode, SwarmTask } from '../../shared/swarm.ts';

/** What is left of a node while tasks are placed, in thought, one after the other. */
export class Room {
  readonly node: SwarmNode;
  /** By name: CPUs in billionths, memory in bytes, a node's own kinds in pieces. */
  readonly #left: Map<string, number>;
  readonly #ports: Set<string>;
  /** Service id -> how many tasks of it are here. */
  readonly #tasks = new Map<string, number>();

  /** `staying` are the tasks that go on whatever the deploy does. */
  constructor(node: SwarmNode, staying: readonly SwarmTask[]) {
    this.node = node;
    this.#left = amountsOf(node.capacity);
    this.#ports = new Set(staying.flatMap(({ hostPorts }) => hostPorts));
    for (const { reserved, serviceId } of staying) this.#hold(reserved, serviceId);
  }

  get memory(): number {
    return this.#left.get('memory') ?? 0;
  }

  tasksOf(service: string): number {
    return this.#tasks.get(service) ?? 0;
  }

  /** Why no task of this spec fits now; undefined when one does. */
  refuse(spec: ServiceSpec, service: string): string | undefined {
    const most = spec.TaskTemplate?.Placement?.MaxReplicas ?? 0;
    const taken = hostPortsOf(spec).find((port) => this.#ports.has(port));
    if (taken) return `port ${taken} is taken`;
    if (most > 0 && this.tasksOf(service) >= most) return `has its ${most} replicas, max_replicas_per_node`;
    for (const [kind, wanted] of amountsOf(reservedBy(spec))) {
      const left = this.#left.get(kind) ?? 0;
      if (wanted > left) return `has ${describe(kind, left)} left, ${describe(kind, wanted)} are reserved`;
    }
    return undefined;
  }

  take(spec: ServiceSpec, service: string): void {
    this.#hold(reservedBy(spec), service);
    for (const port of hostPortsOf(spec)) this.#ports.add(port);
  }

  #hold(reserved: Amounts, service: string): void {
    for (const [kind, amount] of amountsOf(reserved))
      this.#left.set(kind, (this.#left.get(kind) ?? 0) - amount);
    this.#tasks.set(service, this.tasksOf(service) + 1);
  }
}

const reservedBy = ({ TaskTemplate }: ServiceSpec): Amounts => TaskTemplate?.Resources?.Reservations ?? {};

function amountsOf({ NanoCPUs = 0, MemoryBytes = 0, GenericResources = [] }: Amounts): Map<string, number> {
  const amounts = new Map([
    ['CPUs', NanoCPUs],
    ['memory', MemoryBytes],
  ]);
  for (const { DiscreteResourceSpec: counted, NamedResourceSpec: named } of GenericResources) {
    const kind = counted?.Kind ?? named?.Kind ?? '';
    amounts.set(kind, (amounts.get(kind) ?? 0) + (counted?.Value ?? 1));
  }
  return amounts;
}

function describe(kind: string, amount: number): string {
  if (kind === 'CPUs') return `${Number((amount / 1e9).toFixed(2))} CPUs`;
  return kind === 'memory' ? `${Math.round(amount / 1024 ** 2)} MiB of memory` : `${amount} ${kind}`;
}

function hostPortsOf({ EndpointSpec }: ServiceSpec): string[] {
  return (EndpointSpec?.Ports ?? [])
    .filter(({ PublishMode, PublishedPort }) => PublishMode === 'host' && PublishedPort)
    .map(({ PublishedPort, Protocol = 'tcp' }) => `${PublishedPort}/${Protocol}`);
}
