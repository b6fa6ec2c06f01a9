import { parseArgs } from 'node:util';
import type { World } from '../pipeline/deploy.ts';
import { DeployError, messageOf } from '../shared/errors.ts';
import type { Command } from './command.ts';
import { commands, renderHelp } from './commands.ts';

export interface Invocation {
  readonly json: boolean;
  /** Text to print instead of running anything. */
  readonly print: string | undefined;
  readonly command: Command | undefined;
  readonly flags: ReadonlySet<string>;
}

/** Reads the command line; bare `waggle` is help. Throws USAGE for what it does not know. */
export function parseInvocation(argv: readonly string[], version: string): Invocation {
  const { values, positionals } = parse(argv);
  const [word, ...rest] = positionals;
  const flags = new Set(Object.keys(values));
  const invocation = { json: flags.has('json'), flags, command: undefined, print: undefined };
  if (flags.has('version')) return { ...invocation, print: version };
  if (flags.has('help') || word === undefined) return { ...invocation, print: renderHelp() };
  const command = commands.find(({ name }) => name === word);
  if (!command || rest.length > 0) throw usage(`unknown command: ${positionals.join(' ')}`);
  const unknown = [...flags].filter((flag) => flag !== 'json' && !Object.hasOwn(command.flags, flag));
  if (unknown.length > 0) throw usage(`${word} does not take --${unknown.join(', --')}`);
  return { ...invocation, command };
}

export async function runInvocation({ command, flags }: Invocation, world: World): Promise<void> {
  await command?.run(world, flags);
}

function parse(argv: readonly string[]) {
  const names = ['help', 'version', 'json', ...commands.flatMap(({ flags }) => Object.keys(flags))];
  const options = Object.fromEntries(names.map((name) => [name, { type: 'boolean' as const }]));
  try {
    return parseArgs({ args: [...argv], options, allowPositionals: true });
  } catch (error) {
    throw usage(messageOf(error));
  }
}

function usage(message: string): DeployError {
  return new DeployError('USAGE', message, { hint: 'run `waggle --help`' });
}
