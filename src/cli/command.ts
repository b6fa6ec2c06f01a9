import type { World } from '../pipeline/world.ts';
import { ON_INTERRUPTED, type OnInterrupted } from '../plan/records/on-interrupted.ts';
import { DeployError } from '../shared/errors.ts';

export interface Command {
  readonly name: string;
  /** `[plan.json]`, `<r40> <r43>`, `[service...]`: in angles what it must have; absent: it takes none. */
  readonly arguments?: string;
  readonly summary: string;
  /** What follows `waggle`, or whole lines that name it. */
  readonly examples: readonly string[];
  readonly flags: Readonly<Record<string, Flag>>;
  /** What it prints is its result: what happens meanwhile goes to stderr. */
  readonly printsResult?: boolean;
  /** Whether it would change something; such a run has no dry run, so DRY_RUN is refused. */
  acts?(given: Given): boolean;
  /** Gives the exit status of a run that did not fail; 0 when it says none. `all`: the commands that there are. */
  run(world: World, given: Given, all: readonly Command[]): Promise<number | undefined>;
}

export interface Flag {
  readonly meaning: string;
  /** What stands for its value in the help; absent: it is a switch. */
  readonly value?: string;
  /** One letter: `f` for `-f`. */
  readonly short?: string;
  /** What its value must match; no value is ever empty, as that of an unset variable would be. */
  readonly pattern?: RegExp;
}

/** What the command line gave. */
export interface Given {
  readonly arguments: readonly string[];
  /** Of switches, `true`. */
  readonly flags: Readonly<Record<string, string | true>>;
}

/** The value of a flag that has one. */
export function flagValue({ flags }: Given, name: string): string | undefined {
  const value = Object.hasOwn(flags, name) ? flags[name] : undefined;
  return typeof value === 'string' ? value : undefined;
}

/** DRY_RUN is also a switch in cluster.env; asked of the environment where nothing may be read or written before. */
export function isDryRun({ DRY_RUN = '' }: World['environment']): boolean {
  return DRY_RUN === '1' || DRY_RUN === 'true';
}

/** Every command that may build takes this. */
export const dirtyFlag = {
  'allow-dirty': { meaning: 'build what lies there, also what is not committed or not pushed' },
} as const;

/** The world, with the switches that were given on the command line. */
export function withSwitches(world: World, { flags }: Given): World {
  if (!flags['allow-dirty']) return world;
  return { ...world, environment: { ...world.environment, ALLOW_DIRTY: '1' } };
}

/** Every command that passes a container's output on takes this. */
export const rawFlag = {
  raw: { meaning: 'pass control characters of its output on to a terminal, instead of showing them as text' },
} as const;

/** Every command that reads a deploy folder takes these. */
export const envFlag = {
  // Another path than a folder of deploy/ could be deploy/ itself: production.
  env: { value: 'name', meaning: 'read deploy/<name>/ instead of deploy/', pattern: /^\w[\w.-]*$/ },
  'allow-new-cluster': { meaning: 'go on in another cluster than that of the last deploy' },
} as const;

/** Every command that changes a stack takes these. */
export const lockFlags = {
  wait: { meaning: 'wait for the lock of the stack, instead of failing' },
  'on-interrupted': {
    value: 'choice',
    meaning: 'what becomes of a run that was killed: resume, rollback, adopt or fail',
  },
} as const;

export const readOnInterrupted = (given: Given): OnInterrupted | undefined =>
  readChoice(given, 'on-interrupted', ON_INTERRUPTED);

/** The value of a flag that is one of these; undefined: it is not given. Throws USAGE for another. */
export function readChoice<Choice extends string>(
  given: Given,
  name: string,
  choices: Readonly<Record<Choice, string>>,
): Choice | undefined {
  const value = flagValue(given, name);
  const isChoice = (text: string): text is Choice => Object.hasOwn(choices, text);
  if (value === undefined || isChoice(value)) return value;
  throw new DeployError('USAGE', `--${name}=${value} is not known`, {
    hint: `use one of: ${Object.keys(choices).join(', ')}`,
  });
}
