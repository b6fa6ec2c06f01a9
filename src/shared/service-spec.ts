export type Labels = Readonly<Record<string, string>>;

/** Docker's ServiceSpec, recorded and restored as a whole; Waggle reads only these fields. */
export interface ServiceSpec {
  readonly Name: string;
  readonly Labels?: Labels;
  readonly Mode?: {
    readonly Replicated?: { readonly Replicas?: number };
    readonly Global?: object;
    readonly ReplicatedJob?: { readonly MaxConcurrent?: number; readonly TotalCompletions?: number };
    readonly GlobalJob?: object;
  };
  readonly UpdateConfig?: RolloutSpec;
  readonly RollbackConfig?: RolloutSpec;
  readonly EndpointSpec?: { readonly Mode?: string; readonly Ports?: readonly PortSpec[] };
  readonly TaskTemplate?: {
    /** Another number: new tasks, though nothing else is another. */
    readonly ForceUpdate?: number;
    readonly ContainerSpec?: {
      readonly Image?: string;
      readonly Command?: readonly string[];
      readonly Args?: readonly string[];
      readonly Labels?: Labels;
      readonly Hostname?: unknown;
      readonly TTY?: unknown;
      readonly Mounts?: readonly object[];
      readonly Env?: readonly string[];
      readonly Secrets?: readonly { readonly SecretID?: string; readonly SecretName?: string }[];
      readonly Configs?: readonly { readonly ConfigID?: string; readonly ConfigName?: string }[];
      readonly Healthcheck?: HealthcheckSpec | undefined;
      readonly StopGracePeriod?: number | undefined;
    };
    readonly Resources?: ResourceSpec;
    readonly RestartPolicy?: {
      readonly Condition?: string | undefined;
      /** In nanoseconds. */
      readonly Delay?: number | undefined;
      readonly MaxAttempts?: number | undefined;
      /** The window in which Swarm counts attempts, in nanoseconds; 0: no limit. */
      readonly Window?: number | undefined;
    };
    readonly Networks?: readonly { readonly Target?: string; readonly Aliases?: readonly string[] }[];
    readonly Placement?: {
      readonly Constraints?: readonly string[];
      readonly MaxReplicas?: number;
    };
  };
}

/** Durations in nanoseconds. */
export interface HealthcheckSpec {
  readonly Test?: readonly string[];
  readonly Interval?: number | undefined;
  readonly Timeout?: number | undefined;
  readonly StartPeriod?: number | undefined;
  readonly Retries?: number | undefined;
}

/** Durations in nanoseconds. */
export interface RolloutSpec {
  /** How many tasks at a time; 0: all. */
  readonly Parallelism?: number;
  readonly Delay?: number | undefined;
  readonly FailureAction?: string;
  readonly Monitor?: number | undefined;
  readonly MaxFailureRatio?: number | undefined;
  readonly Order?: string;
}

export interface PortSpec {
  readonly Protocol?: string;
  readonly TargetPort?: number;
  readonly PublishedPort?: number;
  readonly PublishMode?: string;
}

export interface ResourceSpec {
  readonly Limits?: Amounts;
  readonly Reservations?: Amounts;
}

export interface Amounts {
  readonly GenericResources?: readonly GenericResource[];
  /** A billionth of a CPU. */
  readonly NanoCPUs?: number;
  readonly MemoryBytes?: number;
  readonly Pids?: number;
}

/** What a node has of a kind of its own, GPUs for one: a number of them, or one by its name. */
export interface GenericResource {
  readonly DiscreteResourceSpec?: { readonly Kind: string; readonly Value: number };
  readonly NamedResourceSpec?: { readonly Kind: string; readonly Value: string };
}
