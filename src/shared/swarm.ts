/** What Waggle asks of a Swarm, in Docker's own field names where it passes them through. Changes nothing. */
export interface SwarmReads {
  readManager(): Promise<{ readonly isManager: boolean; readonly problem: string }>;
  readNodes(): Promise<readonly SwarmNode[]>;
  readServices(stack: string): Promise<readonly SwarmService[]>;
  /** All tasks of the stack's services; `current` leaves out those of an older spec. */
  readTasks(stack: string, which?: 'all' | 'current'): Promise<readonly SwarmTask[]>;
  /** The last lines a task printed, whichever node it ran on. */
  readTaskLog(taskId: string, lines: number): Promise<readonly string[]>;
  readNetworks(stack: string): Promise<readonly SwarmNetwork[]>;
  readSecrets(labels: Labels): Promise<readonly SwarmSecret[]>;
}

export interface SwarmChanges {
  createSecret(name: string, value: Buffer, labels: Labels): Promise<void>;
  createService(spec: ServiceSpec): Promise<void>;
  /** Replaces the spec, whatever the service's version is when the call arrives. */
  updateService(id: string, spec: ServiceSpec): Promise<void>;
  /** Removing what is not there succeeds, as do the other removals. */
  removeService(id: string): Promise<void>;
  removeSecret(name: string): Promise<void>;
  removeNetwork(id: string): Promise<void>;
}

/** The registry, as the manager sees it. */
export interface RegistryReads {
  /** `sha256:...` of the manifest (list) that the registry holds for a reference. */
  readDigest(image: string): Promise<string>;
  /** Asks whether the login is taken; stores nothing. */
  checkRegistryLogin(): Promise<void>;
}

export type Swarm = SwarmReads & SwarmChanges & RegistryReads;

export type Labels = Readonly<Record<string, string>>;

/** Docker's ServiceSpec, kept whole and put back whole; only these fields are ever looked into. */
export interface ServiceSpec {
  readonly Name: string;
  readonly Labels?: Labels;
  readonly Mode?: { readonly Replicated?: { readonly Replicas?: number }; readonly Global?: object };
  readonly UpdateConfig?: { readonly Monitor?: number };
  readonly TaskTemplate?: {
    readonly ContainerSpec?: {
      readonly Image?: string;
      readonly Secrets?: readonly { readonly SecretName?: string }[];
    };
  };
}

export interface SwarmService {
  readonly id: string;
  readonly name: string;
  readonly spec: ServiceSpec;
  readonly previousSpec: ServiceSpec | undefined;
  /** undefined until Swarm has something to update; stale after an update that changed no task. */
  readonly update: { readonly state: string; readonly message: string } | undefined;
  /** How many tasks Swarm wants: replicas, or one for each node of a global service. */
  readonly wanted: number;
}

export interface SwarmTask {
  readonly id: string;
  readonly serviceId: string;
  /** 0 for tasks of a global service: those are told apart by `nodeId`. */
  readonly slot: number;
  readonly nodeId: string;
  readonly state: string;
  readonly desiredState: string;
  readonly image: string;
  readonly message: string;
  readonly error: string;
  readonly exitCode: number | undefined;
}

export interface SwarmNode {
  readonly id: string;
  readonly hostname: string;
  /** As buildx writes it: linux/amd64. */
  readonly platform: string;
  readonly usable: boolean;
}

export interface SwarmSecret {
  readonly name: string;
  readonly labels: Labels;
  /** ISO 8601, from the Swarm. */
  readonly createdAt: string;
}

export interface SwarmNetwork {
  readonly id: string;
  readonly name: string;
}
