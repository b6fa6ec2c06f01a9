import type { Mount } from './compose/parse-mount.ts';
import type { Port } from './compose/parse-port.ts';
import type { Pairs } from './pairs.ts';

/**
 * A stack file as plain data that fits stack-schema.ts, in compose's own key names; ports and mounts are in their
 * long form. Only what Waggle looks into is named.
 */
export interface StackDocument {
  readonly services?: Readonly<Record<string, StackService>>;
  readonly networks?: Readonly<Record<string, StackNetwork | null>>;
  readonly volumes?: Readonly<Record<string, StackVolume | null>>;
  readonly secrets?: Readonly<Record<string, StackResource | null>>;
  readonly configs?: Readonly<Record<string, StackResource | null>>;
  readonly [key: string]: unknown;
}

export interface StackService {
  readonly image?: string;
  readonly build?: string | StackBuild;
  readonly command?: string | readonly string[] | null;
  readonly entrypoint?: string | readonly string[] | null;
  readonly environment?: Readonly<Record<string, string | number | null>>;
  readonly labels?: Pairs;
  readonly healthcheck?: StackHealthcheck;
  readonly stop_grace_period?: string;
  readonly ports?: readonly Partial<Port>[];
  readonly volumes?: readonly Mount[];
  readonly networks?: readonly string[] | Readonly<Record<string, StackAttachment | null>>;
  readonly secrets?: readonly (string | StackMounted)[];
  readonly configs?: readonly (string | StackMounted)[];
  readonly deploy?: StackDeploy | null;
  readonly depends_on?: readonly string[] | Readonly<Record<string, StackDependency | null>>;
  readonly 'x-waggle'?: StackWaggle;
  readonly [key: string]: unknown;
}

export interface StackDependency {
  readonly condition?: string;
  readonly required?: boolean;
}

/** What Waggle is told of a service, and Docker is not. */
export interface StackWaggle {
  readonly migrations?: string;
  /** `release`: it runs once, as a job, before any service changes. */
  readonly phase?: string;
  /** A command that tells, in a task beside the service, whether it is healthy. */
  readonly check?: string | readonly string[];
}

export interface StackDeploy {
  readonly mode?: string;
  readonly endpoint_mode?: string;
  readonly replicas?: number;
  readonly labels?: Pairs;
  readonly update_config?: StackRollout;
  readonly rollback_config?: StackRollout;
  readonly restart_policy?: {
    readonly condition?: string;
    readonly delay?: string;
    readonly max_attempts?: number;
    readonly window?: string;
  };
  readonly placement?: {
    readonly constraints?: readonly string[];
    readonly preferences?: readonly { readonly spread?: string }[];
    readonly max_replicas_per_node?: number;
  };
  readonly resources?: { readonly limits?: StackResources; readonly reservations?: StackResources };
}

export interface StackRollout {
  readonly parallelism?: number;
  readonly delay?: string;
  readonly failure_action?: string;
  readonly monitor?: string;
  readonly max_failure_ratio?: number;
  readonly order?: string;
}

export interface StackResources {
  readonly cpus?: string;
  readonly memory?: string;
  readonly pids?: number;
  readonly generic_resources?: readonly {
    readonly discrete_resource_spec?: { readonly kind?: string; readonly value?: number };
  }[];
}

export interface StackHealthcheck {
  readonly test?: string | readonly string[];
  readonly interval?: string;
  readonly timeout?: string;
  readonly retries?: number;
  readonly start_period?: string;
  readonly start_interval?: string;
  readonly disable?: boolean;
}

export interface StackAttachment {
  readonly aliases?: readonly string[];
  readonly driver_opts?: Pairs;
}

export interface StackMounted {
  readonly source?: string;
  readonly target?: string;
  readonly uid?: string;
  readonly gid?: string;
  readonly mode?: number;
}

export interface StackNetwork {
  readonly name?: string;
  readonly driver?: string;
  readonly driver_opts?: Pairs;
  readonly ipam?: { readonly config?: readonly { readonly subnet?: string }[] };
  readonly external?: boolean | { readonly name?: string };
  readonly internal?: boolean;
  readonly attachable?: boolean;
  readonly labels?: Pairs;
}

export interface StackVolume {
  readonly name?: string;
  readonly driver?: string;
  readonly driver_opts?: Pairs;
  readonly external?: boolean | { readonly name?: string };
  readonly labels?: Pairs;
}

export interface StackBuild {
  readonly context?: string;
  readonly dockerfile?: string;
  readonly target?: string;
  readonly args?: Readonly<Record<string, string>> | readonly string[];
  readonly platforms?: readonly string[];
  readonly cache_from?: readonly string[];
  readonly cache_to?: readonly string[];
  readonly no_cache?: boolean;
  readonly pull?: boolean;
  readonly network?: string;
  readonly ssh?: readonly string[];
  readonly secrets?: readonly (string | StackMounted)[];
}

export interface StackResource {
  readonly name?: string;
  readonly driver?: string;
  readonly external?: boolean | { readonly name?: string };
}
