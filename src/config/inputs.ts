import type { Secret } from '../shared/secret.ts';

/** Everything a release is planned from, read once: files, git, clock and environment. Nothing is judged yet. */
export interface Inputs {
  /** The deploy folder as the operator would write it, for messages. */
  readonly folder: string;
  /** File name -> text, for the env files and stack files that exist. */
  readonly texts: Readonly<Record<string, string>>;
  /** Stack files in the order in which they are merged, whether they exist or not. */
  readonly stackFiles: readonly string[];
  readonly secrets: readonly SecretFile[];
  /** Files that were missing and have just been copied from their `.example`. */
  readonly copied: readonly string[];
  readonly git: { readonly sha: string | undefined; readonly dirty: boolean };
  readonly now: Date;
  readonly environment: Readonly<Record<string, string>>;
}

export interface SecretFile {
  /** `secrets/postgres_password.txt` */
  readonly file: string;
  /** `postgres_password` */
  readonly key: string;
  readonly value: Secret;
  /** It still holds what its `.example` holds. */
  readonly isExample: boolean;
}

export const ENV_FILES = ['cluster.env', 'registry.env', 'prod.env'] as const;
