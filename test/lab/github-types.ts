import type { Words } from './github-runner.ts';

/** What a repository's settings hold, and what starts the run. */
export interface Settings {
  readonly secrets: Words;
  readonly vars: Words;
  /** sha, ref_name, ref_type, token. */
  readonly github: Words;
  /** Of a run by hand. */
  readonly inputs?: Readonly<Record<string, string | boolean>>;
  /** Job -> its outputs, of those before. */
  readonly needs?: Readonly<Record<string, Words>>;
  /** What the runner's machine has set. */
  readonly env: Words;
}

export interface Step {
  readonly id?: string;
  readonly name?: string;
  readonly if?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly 'working-directory'?: string;
  readonly with?: Words;
  readonly env?: Words;
}

export interface Job {
  readonly if?: string;
  readonly env?: Words;
  readonly outputs?: Words;
  readonly steps: readonly Step[];
}

export interface Workflow {
  readonly env?: Words;
  readonly jobs: Readonly<Record<string, Job>>;
}

export interface Action {
  readonly inputs: Readonly<Record<string, { readonly default?: string }>>;
  readonly outputs: Readonly<Record<string, { readonly value: string }>>;
  readonly runs: { readonly steps: readonly Step[] };
}
