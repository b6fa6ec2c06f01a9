import type { Profiles } from '../../config/compose/profiles.ts';
import type { FileVariable } from '../../config/compose/stack-files.ts';
import type { Inputs } from '../../config/inputs.ts';
import type { IsIgnored } from '../../config/parse-ignores.ts';
import type { Positions } from '../../config/positions.ts';
import type { Finding, Problem } from '../../config/problem.ts';
import type { Secret } from '../../shared/secret.ts';
import type { Variables } from '../variables.ts';
import type { Settings } from './plan-settings.ts';
import type { ObjectKind } from './release.ts';

/** What the texts alone say: it names the files and values that have to be read before it is a release. */
export interface Draft {
  readonly inputs: Inputs;
  readonly settings: Settings;
  readonly stack: string;
  readonly tag: string;
  readonly id: string;
  readonly variables: Variables;
  /** Merged, variables filled in, translated to Docker's keys; not yet held against Docker's schema. */
  readonly document: Readonly<Record<string, unknown>>;
  /** The same document as template: `${NAME}` for every sensitive value, any other dollar doubled. */
  readonly template: Readonly<Record<string, unknown>>;
  readonly positions: Positions;
  readonly objects: readonly DeclaredObject[];
  /** If some services are inactive, also those that only they use. */
  readonly declared: readonly DeclaredObject[];
  /** What services take from files: env_file and label_file. */
  readonly included: readonly IncludedFile[];
  /** Profiles of the services that have some, and of those that are not active. */
  readonly profiles: Profiles;
  readonly inactive: Profiles;
  /** Files that stack files extend or include and that are yet to be read, from the deploy folder. */
  readonly wanted: readonly string[];
  /** The variables of env files that an `include` reads. */
  readonly told: readonly FileVariable[];
  readonly problems: readonly Problem[];
  /** What of a single file Docker would not take, also where another file lies over it. */
  readonly misfits: readonly Problem[];
  readonly findings: readonly Finding[];
  readonly isIgnored: IsIgnored;
}

/** A secret or config that the stack wants a version of, and where its value is to be had. */
export interface DeclaredObject {
  readonly kind: ObjectKind;
  readonly key: string;
  readonly wanted:
    | { readonly file: string }
    | { readonly variable: string }
    | { readonly text: string }
    | { readonly origin: string };
  readonly labels: Readonly<Record<string, string>>;
  readonly templating: string | undefined;
  /** No value is needed: it is for builds, and nothing is built. */
  readonly isIdle: boolean;
  readonly position: Problem;
}

export interface IncludedFile {
  readonly service: string;
  readonly into: 'environment' | 'labels';
  /** Relative to the folder of the stack file. */
  readonly file: string;
  readonly required: boolean;
  readonly position: Problem;
}

/** What was read for a draft. */
export interface Values {
  /** objectId -> value and where it came from; absent when it could not be had, or was not asked for. */
  readonly objects: Readonly<Record<string, ReadObject>>;
  /** File as the stack names it -> text. */
  readonly texts: Readonly<Record<string, string>>;
  /** Of the files that the stack names, as it names them, those that users beyond owner and group can read. */
  readonly openFiles: readonly string[];
  /** Secrets that have a value and that no stack file refers to. */
  readonly unused: readonly Problem[];
  readonly problems: readonly Problem[];
}

export interface ReadObject {
  readonly value: Secret;
  /** A file, a variable's name, a program: for a plan. */
  readonly from: string;
  /** The file that is to be corrected when the value is wrong; undefined: the stack file. */
  readonly file: string | undefined;
  /** It still holds what its `.example` holds. */
  readonly isExample: boolean;
}
