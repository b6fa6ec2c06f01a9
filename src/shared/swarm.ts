import type { LiveNetwork, NewNetwork } from './network.ts';
import type { OverlayAddress } from './overlay-address.ts';
import type { LogLine, LogOptions, LogSource } from './service-log.ts';
import type { Amounts, Labels, ServiceSpec } from './service-spec.ts';

/** What Waggle asks of a Swarm, in Docker's own field names where it passes them through. Changes nothing. */
export interface SwarmReads {
  readManager(): Promise<{ readonly isManager: boolean; readonly problem: string }>;
  readNodes(): Promise<readonly SwarmNode[]>;
  /** Of one stack; without a stack, all. */
  readServices(stack?: string): Promise<readonly SwarmService[]>;
  /** All tasks of the stack's services; `current` leaves out those of an older spec. */
  readTasks(stack: string, which?: 'all' | 'current'): Promise<readonly SwarmTask[]>;
  /** What every node of the cluster has to do, for whichever stack. */
  readAllTasks(): Promise<readonly SwarmTask[]>;
  /** The last lines a task printed, whichever node it ran on. */
  readTaskLog(taskId: string, lines: number): Promise<readonly string[]>;
  /** What a service or a task says, with when and which task said it. */
  streamLog(
    source: LogSource,
    wish: LogOptions,
    signal: AbortSignal,
    onProblem?: (problem: string) => void,
  ): AsyncIterable<LogLine>;
  /** What each task of the stack was made from, by the task's id. */
  readTaskTemplates(stack: string): Promise<ReadonlyMap<string, ServiceSpec['TaskTemplate']>>;
  /** Of one stack; without a stack, all. */
  readNetworks(stack?: string): Promise<readonly LiveNetwork[]>;
  /** All of the cluster, also those that Waggle did not create. */
  readObjects(kind: 'secret' | 'config'): Promise<readonly SwarmObject[]>;
}

export interface SwarmChanges {
  createObject(kind: 'secret' | 'config', object: NewObject): Promise<void>;
  createService(spec: ServiceSpec): Promise<void>;
  createNetwork(network: NewNetwork): Promise<void>;
  /** Replaces the spec of any version of the service. */
  updateService(id: string, spec: ServiceSpec): Promise<void>;
  /** Removing what is not there succeeds, as do the other removals. */
  removeService(id: string): Promise<void>;
  removeObject(kind: 'secret' | 'config', name: string): Promise<void>;
  removeNetwork(id: string): Promise<void>;
}

/** What Waggle remembers, in the cluster itself: Docker configs with labels of its own. */
export interface SwarmRecords {
  /** Of one stack; without a stack, all. */
  readRecords(stack?: string): Promise<readonly SwarmRecord[]>;
  /** Gives what was made; undefined: the name is taken. Of two that are made at once, exactly one is. */
  createRecord(record: NewRecord): Promise<SwarmRecord | undefined>;
  /** The version of a new record; undefined: somebody has changed or removed it since. */
  readVersion(record: SwarmRecord): Promise<number | undefined>;
  /**
   * Only labels of a record ever change. Gives what it is then; undefined: somebody else changed or removed it.
   * `onWritten` is called as soon as the change is accepted, a question before its version is known.
   */
  relabelRecord(
    record: SwarmRecord,
    labels: Labels,
    onWritten?: () => void,
  ): Promise<SwarmRecord | undefined>;
  removeRecord(id: string): Promise<void>;
}

/** The registry, as the manager sees it. */
export interface RegistryReads {
  readImage(image: string): Promise<RegistryImage>;
  /** Asks whether the login is taken; stores nothing. */
  checkRegistryLogin(): Promise<void>;
}

export type Swarm = SwarmReads & SwarmChanges & SwarmRecords & RegistryReads;

export interface SwarmService {
  readonly id: string;
  readonly name: string;
  /** Counts the changes to the service: another number is another service than the one that was looked at. */
  readonly version: number;
  readonly spec: ServiceSpec;
  readonly previousSpec: ServiceSpec | undefined;
  /** undefined until Swarm has something to update; stale after an update that changed no task. */
  readonly update: { readonly state: string; readonly message: string } | undefined;
  /** How many tasks are to run, or of a job, to end well; of a global job only its tasks tell. */
  readonly wanted: number;
}

export interface SwarmTask {
  readonly id: string;
  readonly serviceId: string;
  /** 0 for tasks of a global service: `nodeId` distinguishes those. */
  readonly slot: number;
  readonly nodeId: string;
  /** '' until it has one. */
  readonly containerId: string;
  readonly state: string;
  /** ISO 8601, from the cluster: when it came into this state. */
  readonly since: string;
  readonly desiredState: string;
  readonly image: string;
  readonly message: string;
  readonly error: string;
  readonly exitCode: number | undefined;
  readonly reserved: Amounts;
  /** `8000/tcp`: ports of the node that the task holds by itself. */
  readonly hostPorts: readonly string[];
  /** Where the other tasks of its overlay networks reach it. */
  readonly overlays: readonly OverlayAddress[];
}

export interface HealthAnswer {
  readonly exitCode: number;
  readonly output: string;
}

export interface SwarmNode {
  readonly id: string;
  readonly hostname: string;
  /** As buildx writes it: linux/amd64. */
  readonly platform: string;
  /** Ready and active: new tasks may be put there. */
  readonly usable: boolean;
  /** `ready`, `down`, `unknown`, `disconnected`; and `active`, `pause`, `drain`. */
  readonly state: string;
  readonly availability: string;
  readonly role: string;
  readonly isLeader: boolean;
  /** Of a manager, whether the others reach it: `reachable`, `unreachable`. */
  readonly reachability: string | undefined;
  /** The engine's version: 26.1.5. */
  readonly engine: string;
  readonly address: string;
  /** The engine's own name for its machine: x86_64. */
  readonly machine: string;
  readonly os: string;
  readonly labels: Labels;
  readonly engineLabels: Labels;
  /** All that the node has, used or not. */
  readonly capacity: Amounts;
}

/** A secret or config. */
export interface SwarmObject {
  readonly id: string;
  readonly name: string;
  readonly labels: Labels;
  /** ISO 8601, from the Swarm. */
  readonly createdAt: string;
  readonly templating?: string | undefined;
  /** In base64; undefined for a secret: Swarm never returns its value. */
  readonly data?: string | undefined;
}

/** What a registry holds for a reference. */
export interface RegistryImage {
  /** `sha256:...` of the manifest (list). */
  readonly digest: string;
  /** `linux/amd64`; empty when the registry does not say. */
  readonly platforms: readonly string[];
  /** The configuration that the manifest names cannot be had, so no node can pull. Found for Docker's own format only. */
  readonly isBroken: boolean;
}

export interface NewObject {
  readonly name: string;
  readonly value: Buffer;
  readonly labels: Labels;
  readonly templating: string | undefined;
}

export interface NewRecord {
  readonly name: string;
  readonly labels: Labels;
  readonly data: Buffer;
}

export interface SwarmRecord extends NewRecord {
  readonly id: string;
  /** Counts the changes to it; undefined of one that was just made: nobody has asked. */
  readonly version: number | undefined;
}
