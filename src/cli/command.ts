import type { RunContext } from '../pipeline/run-context.ts';
import { ON_INTERRUPTED, type OnInterrupted } from '../plan/records/on-interrupted.ts';
import { DeployError } from '../shared/errors.ts';

export interface Command {
  readonly name: string;
  /** `[plan.json]`, `<r40> <r43>`, `[service...]`: in angles what it must have; absent: it takes none. */
  readonly arguments?: string;
  /** What its first argument is, if that is one of a few words. */
  readonly verbs?: readonly string[];
  readonly summary: string;
  /** What follows `waggle`, or whole lines that name it. */
  readonly examples: readonly string[];
  readonly flags: Readonly<Record<string, Flag>>;
  /** What it prints is its result: what happens meanwhile goes to stderr. */
  readonly printsResult?: boolean;
  /** Whether it would change something; such a run has no dry run, so DRY_RUN is refused. */
  acts?(given: CommandLine): boolean;
  /** Gives the exit status of a run that did not fail; 0 when it says none. `all`: the commands that there are. */
  run(context: RunContext, given: CommandLine, all: readonly Command[]): Promise<number | undefined>;
}

export interface Flag {
  readonly meaning: string;
  /** What stands for its value in the help; absent: it is a switch. */
  readonly value?: string;
  /** What completes its value. */
  readonly choices?: readonly string[] | 'environments';
  /** One letter: `f` for `-f`. */
  readonly short?: string;
  /** What its value must match; no value is ever empty, as that of an unset variable would be. */
  readonly pattern?: RegExp;
  /** The setting of cluster.env that it overrides in this run; a switch sets it to 1. */
  readonly sets?: string;
}

/** What the command line gave. */
export interface CommandLine {
  readonly arguments: readonly string[];
  /** Of switches, `true`. */
  readonly flags: Readonly<Record<string, string | true>>;
}

/** The value of a flag that has one. */
export function flagValue({ flags }: CommandLine, name: string): string | undefined {
  const value = Object.hasOwn(flags, name) ? flags[name] : undefined;
  return typeof value === 'string' ? value : undefined;
}

/** DRY_RUN is also a switch in cluster.env; asked of the environment where nothing may be read or written before. */
export function isDryRun({ DRY_RUN = '' }: RunContext['environment']): boolean {
  return DRY_RUN === '1' || DRY_RUN === 'true';
}

/** Every command that builds takes these. */
export const buildFlags = {
  tag: { value: 'tag', meaning: 'Set the tag of the images (DEPLOY_TAG)', sets: 'DEPLOY_TAG' },
  'allow-dirty': { meaning: 'Build files that are not committed or not pushed', sets: 'ALLOW_DIRTY' },
} as const;

/** Every command that may deploy images without building them takes this. */
export const skipBuildFlag = {
  'skip-build': { meaning: 'Deploy images that are already pushed (SKIP_BUILD)', sets: 'SKIP_BUILD' },
} as const;

/** Every command that checks health takes this. */
export const skipHealthcheckFlag = {
  'skip-healthcheck': { meaning: 'Skip the health check (SKIP_HEALTHCHECK)', sets: 'SKIP_HEALTHCHECK' },
} as const;

/** Every command that can show what it would do takes this. */
export const dryRunFlag = {
  'dry-run': { meaning: 'Print what would change, and change nothing (DRY_RUN)', sets: 'DRY_RUN' },
} as const;

/** Every command that asks before it acts takes this. */
export const yesFlag = { yes: { meaning: 'Skip the question on a terminal', short: 'y' } } as const;

/** Every command that changes a stack takes this. */
export const replaceFlag = {
  'allow-replace': {
    meaning: 'Replace a stack of another project, or all of its services',
  },
} as const;

/** The environment, with the settings that flags of the command line override. */
export function withSettings(
  environment: RunContext['environment'],
  { flags }: Command,
  given: CommandLine,
): RunContext['environment'] {
  const overrides = Object.entries(flags).flatMap(([name, { sets }]) =>
    sets && given.flags[name] !== undefined ? [[sets, flagValue(given, name) ?? '1'] as const] : [],
  );
  return { ...environment, ...Object.fromEntries(overrides) };
}

/** Every command that passes a container's output on takes this. */
export const rawFlag = {
  raw: { meaning: 'Pass control characters of the output to the terminal' },
} as const;

/** Every command that reads a deploy folder takes these. */
export const envFlag = {
  // Another path than a folder of deploy/ could be deploy/ itself: production.
  env: {
    value: 'name',
    meaning: 'Read deploy/<name>/ instead of deploy/',
    pattern: /^\w[\w.-]*$/,
    choices: 'environments',
  },
  'allow-new-cluster': { meaning: 'Allow another cluster than that of the last deploy' },
} as const;

/** Every command that changes a stack takes these. */
export const lockFlags = {
  wait: { meaning: 'Wait for the lock of the stack instead of failing' },
  'on-interrupted': {
    value: 'choice',
    choices: Object.keys(ON_INTERRUPTED),
    meaning: 'Choose for an interrupted run: resume, rollback, adopt, fail',
  },
} as const;

export const readOnInterrupted = (given: CommandLine): OnInterrupted | undefined =>
  readChoice(given, 'on-interrupted', ON_INTERRUPTED);

/** The value of a flag that is one of these; undefined: it is not given. Throws USAGE for another. */
export function readChoice<Choice extends string>(
  given: CommandLine,
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
