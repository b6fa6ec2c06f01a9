import type { Finding } from '../../config/problem.ts';
import type { ClusterSettings } from '../../config/settings.ts';
import type { StackDocument } from '../../config/stack-document.ts';
import type { Secret } from '../../shared/secret.ts';
import type { Templates } from '../spec/templates.ts';
import type { Hooks } from './plan-hooks.ts';

/** One version of the whole stack: everything that can be known before asking anybody. */
export interface Release {
  readonly stack: string;
  /** The tag of the images that are built. */
  readonly tag: string;
  /** `<tag>_<UTC yyyymmddhhmmss>`, unique for each deploy. */
  readonly id: string;
  /** The time in the id. */
  readonly plannedAt: Date;
  /** The whole id of the checkout's commit; undefined outside of one. */
  readonly commit: string | undefined;
  /** The checkout has uncommitted changes. */
  readonly dirty: boolean;
  /** The deploy folder as the operator would write it: `deploy/staging`. */
  readonly folder: string;
  /** Folder of the first stack file, absolute. */
  readonly base: string;
  readonly settings: ClusterSettings;
  readonly registry: Registry;
  /** undefined when no service has the storage switch (B2_BUCKET_NAME in its environment). */
  readonly storage: Storage | undefined;
  /** The merged stack with its variables filled in; only versions of secrets and configs are marks, see plan/variables.ts. */
  readonly document: StackDocument;
  /** The same with `${NAME}` for every sensitive value: all that is kept or shown comes from it. */
  readonly template: StackDocument;
  /** The places of its services' specs that hold sensitive values. */
  readonly templates: Templates;
  /** Sensitive values by their names: of prod.env, of the variables that the stack names, of env_files. */
  readonly sensitive: Readonly<Record<string, Secret>>;
  readonly services: readonly PlannedService[];
  readonly builds: readonly Build[];
  readonly hooks: Hooks;
  /** Every secret and config that Waggle makes versions of. */
  readonly objects: readonly VersionedObject[];
  /** Names of secrets, configs and networks that somebody else has to have made. */
  readonly externals: readonly External[];
  /** What is odd about this run, as sentences. */
  readonly warnings: readonly string[];
  /** Warnings of rules. */
  readonly findings: readonly Finding[];
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
  /** The first service with its `build:` section. */
  readonly name: string;
  /** All that run its image. */
  readonly services: readonly string[];
  readonly image: string;
  /** As the stack file writes it: relative to the release's base, or a URL. */
  readonly context: string;
  readonly dockerfile: string;
  readonly target: string | undefined;
  readonly args: Readonly<Record<string, string>>;
  /** undefined: the platforms of the cluster's nodes. */
  readonly platforms: readonly string[] | undefined;
  /** By the id that the Dockerfile mounts it under. */
  readonly secrets: readonly { readonly id: string; readonly value: Secret | undefined }[];
  /** How it is built, in bake's own keys: caches, forwarded ssh agents. */
  readonly how: Readonly<Record<string, string | boolean | readonly string[]>>;
}

export type ObjectKind = 'secret' | 'config';

/** A secret or config of the stack, whose content never changes under one name: a new content is a new version. */
export interface VersionedObject {
  readonly kind: ObjectKind;
  /** Its name in the stack file, `postgres_password`; the plain key is free to be mounted under. */
  readonly key: string;
  /** `<stack>_<key>_<deploy id>`: the name that a new version gets. */
  readonly newName: string;
  /** Where the value is from; never the value. */
  readonly from: string;
  /** undefined in an offline plan, when only another program knows it. */
  readonly value: Secret | undefined;
  /** The operator's own. */
  readonly labels: Readonly<Record<string, string>>;
  /** `golang`, as the stack file's template_driver. */
  readonly templating: string | undefined;
}

export interface External {
  readonly kind: ObjectKind | 'network';
  readonly name: string;
}

/** `secret/postgres_password` -> the name of the version that this release uses. */
export type VersionNames = Readonly<Record<string, string>>;

export const objectId = ({ kind, key }: Pick<VersionedObject, 'kind' | 'key'>) => `${kind}/${key}`;

/** Image reference with tag -> `sha256:...` */
export type Digests = Readonly<Record<string, string>>;
