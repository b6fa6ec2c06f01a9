import type { Inputs } from '../config/inputs.ts';
import type { Problem } from '../config/problem.ts';
import type { Secret } from '../shared/secret.ts';
import type { Shell } from '../shared/shell.ts';

/** Where the value of one secret comes from. */
export interface Origin {
  /** `postgres_password` */
  readonly key: string;
  /** Name of the source: file, environment, command, age. */
  readonly source: string;
  /** For messages: a file, a variable's name, a program. Never a value. */
  readonly from: string;
  /** What a problem with it names: a file, from the project's root, or a variable. */
  readonly place: string;
  /** Asking for it asks nobody beyond this machine, so a dry run may. */
  readonly isLocal: boolean;
  /** Throws an Error whose message says what is wrong, without the value. */
  read(): Promise<Secret>;
}

/** One kind of place that secret values come from. */
export interface Source {
  readonly name: string;
  /** Every secret that it has a value for, without reading any. */
  find(
    inputs: Inputs,
    shell: Shell,
  ): { readonly origins: readonly Origin[]; readonly problems: readonly Problem[] };
}
