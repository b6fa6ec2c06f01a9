import { parseArgs } from 'node:util';
import type { RunContext } from '../pipeline/run-context.ts';
import { DeployError, messageOf } from '../shared/errors.ts';
import { suggest } from '../shared/suggest.ts';
import { type Command, type CommandLine, flagValue, isDryRun, withSettings } from './command.ts';
import { commands } from './commands.ts';
import { renderCommandHelp, renderHelp } from './help.ts';

export interface Invocation {
  readonly json: boolean;
  readonly verbose: boolean;
  /** Text to print instead of running anything. */
  readonly print: string | undefined;
  readonly command: Command | undefined;
  readonly given: CommandLine;
}

/** Reads the command line; bare `waggle` is help. Throws USAGE for what it does not know. */
export function parseInvocation(argv: readonly string[], version: string): Invocation {
  const { values, positionals } = parse(argv);
  const isHelp = values.help === true || positionals[0] === 'help';
  const [word, ...words] = positionals[0] === 'help' ? positionals.slice(1) : positionals;
  const json = Object.hasOwn(values, 'json');
  const verbose = values.verbose === true;
  const given = { arguments: words, flags: values as CommandLine['flags'] };
  const invocation = { json, verbose, given, command: undefined, print: undefined };
  if (values.version) return { ...invocation, print: version };
  if (word === undefined && !isHelp && Object.keys(values).length > 0) throw usage('no command is given');
  if (word === undefined) return { ...invocation, print: renderHelp() };
  if (word === '') throw usage('the command is empty');
  const command = commands.find(({ name }) => name === word);
  if (!command) throw usage(`unknown command: ${word}${suggestCommand(word)}`);
  if (isHelp) return { ...invocation, print: renderCommandHelp(command) };
  requireWords(command, words);
  // A command that prints a result has JSON only if it says so; the others have events.
  const common = command.printsResult ? ['verbose'] : ['json', 'verbose'];
  const [unknown] = Object.keys(values).filter(
    (flag) => !common.includes(flag) && !Object.hasOwn(command.flags, flag),
  );
  if (unknown) throw usage(`${word} does not take --${unknown}${suggestFlag(`--${unknown}`, command)}`, word);
  requireValues(command, given);
  return { ...invocation, command };
}

/** Whether stdout is to be one JSON document. */
export function asksForDocument(argv: readonly string[]): boolean {
  const command = findCommand(argv);
  return argv.includes('--json') && command !== undefined && Object.hasOwn(command.flags, 'json');
}

const findCommand = (argv: readonly string[]) =>
  commands.find(({ name }) => name === argv.find((word) => !word.startsWith('-')));

/** As many words as the command takes. */
function requireWords({ name, arguments: taken = '' }: Command, words: readonly string[]): void {
  const slots = taken.split(' ').filter(Boolean);
  const empty = words.indexOf('');
  const slot = slots[Math.min(empty, slots.length - 1)];
  // What a program is given may be empty.
  if (slot && !slot.includes('command')) throw usage(`${name} is given an empty ${slot}`, name);
  const missing = slots.filter((slot, at) => slot.startsWith('<') && words[at] === undefined);
  if (missing.length > 0) throw usage(`${name} needs ${missing.join(' ')}`, name);
  const surplus = taken.includes('...') ? [] : words.slice(slots.length);
  if (surplus.length > 0) throw usage(`${name} does not take ${surplus.join(' ')}`, name);
}

/** An option without its value would act as if it were not given. */
function requireValues({ name, flags }: Command, given: CommandLine): void {
  for (const [flag, { value, pattern }] of Object.entries(flags)) {
    const text = flagValue(given, flag);
    if (value === undefined || text === undefined) continue;
    if (text.trim() === '') throw usage(`--${flag} is given an empty ${value}`, name);
    if (pattern && !pattern.test(text)) throw usage(`--${flag} must be a ${value}, not ${text}`, name);
  }
}

/** Gives the exit status. */
export async function runInvocation({ command, given }: Invocation, plain: RunContext): Promise<number> {
  if (!command) return 0;
  const context = { ...plain, environment: withSettings(plain.environment, command, given) };
  const held = given.flags['allow-new-cluster'] ? inNewCluster(context) : context;
  const asked = command.acts?.(given) ? refusingDryRun(held, command.name) : held;
  return (await command.run(asked, given, commands)) ?? 0;
}

function inNewCluster(context: RunContext): RunContext {
  return {
    ...context,
    connect: (release, options) => context.connect(release, { ...options, mayBeNew: true }),
  };
}

/** Who asks for a dry run must not get a real one. */
function refusingDryRun(context: RunContext, name: string): RunContext {
  const refuse = (isDry: boolean) => {
    if (isDry) throw usage(`DRY_RUN is set, which ${name} does not have: it would act. Unset it`, name);
  };
  refuse(isDryRun(context.environment));
  const connect: RunContext['connect'] = (release, options) => {
    refuse(release.settings.DRY_RUN);
    return context.connect(release, options);
  };
  return { ...context, connect };
}

function parse(argv: readonly string[]) {
  const switches = {
    help: { type: 'boolean', short: 'h' },
    version: { type: 'boolean' },
    json: { type: 'boolean' },
    verbose: { type: 'boolean' },
  } as const;
  const flags = commands.flatMap(({ flags: own }) =>
    Object.entries(own).map(
      ([name, { value, short }]) =>
        [
          name,
          { type: value ? ('string' as const) : ('boolean' as const), ...(short && { short }) },
        ] as const,
    ),
  );
  try {
    return parseArgs({
      args: [...argv],
      options: { ...Object.fromEntries(flags), ...switches },
      allowPositionals: true,
    });
  } catch (error) {
    const [, unknown] = /^Unknown option '([^']*)'/.exec(messageOf(error)) ?? [];
    const command = findCommand(argv);
    if (unknown === undefined) throw usage(describeValue(messageOf(error)), command?.name);
    throw usage(`unknown option: ${unknown}${suggestFlag(unknown, command)}`, command?.name);
  }
}

/** Node's words for an option with a value too few or too many. */
function describeValue(message: string): string {
  const [, long] = /(--[\w-]+)/.exec(message) ?? [];
  if (long && / does not take an argument/.test(message)) return `${long} takes no value`;
  const flag = Object.assign({}, ...commands.map(({ flags }) => flags))[long?.slice(2) ?? ''];
  return flag?.value ? `${long} needs a value: ${long} <${flag.value}>` : message;
}

/** What other tools call the same. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  ...{ up: 'deploy', apply: 'deploy', push: 'deploy', ps: 'status', ls: 'status', history: 'releases' },
  ...{
    undo: 'rollback',
    ssh: 'exec',
    down: 'remove',
    rm: 'remove',
    sh: 'exec',
    check: 'doctor',
    clean: 'prune',
  },
};

function suggestCommand(word: string): string {
  const known = Object.hasOwn(ELSEWHERE, word) ? ELSEWHERE[word] : undefined;
  if (known) return `: did you mean ${known}?`;
  return suggest(
    word,
    commands.map(({ name }) => name),
  );
}

/** Among the flags that the command takes. */
function suggestFlag(flag: string, command: Command | undefined): string {
  const known = command ? Object.keys(command.flags) : [];
  return suggest(
    flag,
    ['help', ...known].map((name) => `--${name}`),
  );
}

function usage(message: string, command?: string): DeployError {
  return new DeployError('USAGE', message, { hint: `run \`waggle ${command ? `${command} ` : ''}--help\`` });
}
