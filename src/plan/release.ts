import type { ClusterSettings } from '../config/settings.ts';
import type { StackDocument } from '../config/stack-document.ts';
import type { Secret } from '../shared/secret.ts';

/** One version of the whole stack: everything that can be known before asking anybody. */
export interface Release {
  readonly stack: string;
  /** The tag of the images that are built. */
  readonly tag: string;
  /** `<tag>_<UTC yyyymmddhhmmss>`, unique for each deploy. */
  readonly id: string;
  readonly settings: ClusterSettings;
  readonly registry: Registry;
  /** undefined when no service has the storage switch (B2_BUCKET_NAME in its environment). */
  readonly storage: Storage | undefined;
  /** The merged stack with its variables filled in; sensitive ones are left as marks, see plan/variables.ts. */
  readonly document: StackDocument;
  /** Values that the rendered stack refers to by name, so that it holds no secret itself. */
  readonly sensitive: Readonly<Record<string, Secret>>;
  readonly services: readonly PlannedService[];
  readonly builds: readonly Build[];
  readonly secrets: readonly VersionedSecret[];
  readonly configs: readonly string[];
  readonly warnings: readonly string[];
}

export interface Registry {
  readonly host: string;
  readonly username: string;
  readonly token: Secret;
}

export type Storage =
  | { readonly kind: 's3'; readonly endpoint: string; readonly bucket: string }
  | { readonly kind: 'local' };

export interface PlannedService {
  readonly name: string;
  /** With tag, without digest. */
  readonly image: string;
  /** undefined for a global service. */
  readonly replicas: number | undefined;
  readonly storesUploads: boolean;
  /** A constraint names one node, so a volume of that node serves all replicas. */
  readonly pinnedToOneNode: boolean;
}

export interface Build {
  /** The service it is for. */
  readonly name: string;
  readonly image: string;
  /** Paths relative to the deploy folder. */
  readonly context: string;
  readonly dockerfile: string;
  readonly target: string | undefined;
  readonly args: Readonly<Record<string, string>>;
  /** undefined: the platforms of the cluster's nodes. */
  readonly platforms: readonly string[] | undefined;
}

export interface VersionedSecret {
  /** `postgres_password` */
  readonly key: string;
  /** `<stack>_<key>_<deploy id>` */
  readonly name: string;
  readonly value: Secret;
}

/** Image reference with tag -> `sha256:...` */
export type Digests = Readonly<Record<string, string>>;
