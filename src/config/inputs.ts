import { join, relative } from 'node:path';

/** Everything a release is planned from, read once: files, git, clock and environment. Nothing is judged yet. */
export interface Inputs {
  /** The deploy folder as the operator would write it, for messages: `deploy`, `deploy/staging`. */
  readonly folder: string;
  /** The same, absolute. */
  readonly path: string;
  /** The checkout, absolute. Files that a stack file extends or includes are within it. */
  readonly root: string;
  /** The folder of the first stack file: its paths are relative to that, as compose has it. Absolute. */
  readonly base: string;
  /**
   * File name -> text, for the env files, stack files and secret-commands.yml that exist, and for what the stack files
   * extend or include.
   */
  readonly texts: Readonly<Record<string, string>>;
  /** Files that a stack file extends or includes and that cannot be read -> why, as it follows the name of the file. */
  readonly unread: Readonly<Record<string, string>>;
  /** Stack files in the order in which they are merged, whether they exist or not. */
  readonly stackFiles: readonly string[];
  /** `secrets/postgres_password.txt`, without examples. */
  readonly secretFiles: readonly SecretFile[];
  /** Files in hooks/, without examples. */
  readonly hooks: readonly HookFile[];
  /** Env files and secrets, within the deploy folder, that users beyond owner and group can read. */
  readonly openFiles: readonly string[];
  /** Files that were missing and have just been copied from their `.example`. */
  readonly copied: readonly string[];
  /** The other environments of the checkout. */
  readonly others: readonly OtherEnvironment[];
  readonly git: GitFacts;
  readonly now: Date;
  readonly environment: Readonly<Record<string, string>>;
}

export interface GitFacts {
  /** The whole id of HEAD: all that is read goes by it. undefined outside of a checkout. */
  readonly commit: string | undefined;
  /** The same, as short as git shows it: a name for images. A tag or a branch may have the same. */
  readonly sha: string | undefined;
  readonly dirty: boolean;
  /** Why there is no commit, in git's own words. */
  readonly refusal?: string | undefined;
  /** There is a checkout, though git may refuse to read it. */
  readonly isCheckout: boolean;
  /** Files that git tracks, from the root of the checkout. */
  readonly tracked: readonly string[];
}

/** Where another deploy folder deploys to, as its cluster.env says. */
export interface OtherEnvironment {
  /** As the operator would write it: `deploy/staging`. */
  readonly folder: string;
  readonly stack: string;
  /** DEPLOY_MANAGER_HOST, as it is written. */
  readonly managers: string;
}

export interface HookFile {
  readonly name: string;
  readonly isExecutable: boolean;
  /** SHA-256 of its content, as hex. */
  readonly digest: string;
}

export interface SecretFile {
  /** Within the deploy folder. */
  readonly file: string;
  /** It still holds what its `.example` holds. */
  readonly isExample: boolean;
}

/** The text of a file that may be called anything, `constructor` too. */
export function textOf(texts: Inputs['texts'], file: string): string | undefined {
  return Object.hasOwn(texts, file) ? texts[file] : undefined;
}

/** The folder of the first stack file as the operator would write it. */
export function baseOf({ folder, path, base }: Inputs): string {
  return join(folder, relative(path, base));
}

export const ENV_FILES = ['cluster.env', 'registry.env', 'prod.env'] as const;
/** WAGGLE_SECRET_POSTGRES_PASSWORD is the value of the secret postgres_password. */
export const SECRET_PREFIX = 'WAGGLE_SECRET_';
/** Which program prints which secret, by an explicit list: `postgres_password: [op, read, "op://..."]`. */
export const COMMANDS_FILE = 'secret-commands.yml';
/** Why a named file is not read, if there is none. */
export const NO_FILE = 'does not exist';
