import type { Command } from './command.ts';
import { commands } from './commands.ts';

/** What `waggle` and `waggle --help` print: one line for each command. */
export function renderHelp(): string {
  const width = Math.max(...commands.map(({ name }) => name.length));
  return [
    'waggle: deploy a Docker Swarm stack, and know that it worked',
    '',
    'usage: waggle <command>, in a checkout with a deploy/ folder',
    '',
    ...commands.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`),
    '',
    'waggle <command> --help tells all about one; --version, --json (deploy: one event a line), --verbose',
    '',
    'variables: every key of deploy/cluster.env, as PUSH_LATEST_TAG or SECRET_KEEP_VERSIONS; docs/reference/settings.md explains them',
  ].join('\n');
}

/** What `waggle <command> --help` prints. */
export function renderCommandHelp({ name, arguments: words, summary, flags, examples }: Command): string {
  const shown = Object.entries(flags).map(([flag, { value, short, meaning }]) => {
    const long = value ? `--${flag} <${value}>` : `--${flag}`;
    return [short ? `-${short}, ${long}` : long, meaning] as const;
  });
  const width = Math.max(0, ...shown.map(([flag]) => flag.length));
  const usage = ['waggle', name, ...(words ? [words] : []), ...(shown.length > 0 ? ['[options]'] : [])];
  return [
    `usage: ${usage.join(' ')}`,
    '',
    summary,
    ...(shown.length > 0
      ? ['', ...shown.map(([flag, meaning]) => `  ${flag.padEnd(width)}  ${meaning}`)]
      : []),
    '',
    'examples:',
    ...examples.map((example) => `  ${example.includes('waggle ') ? example : `waggle ${example}`}`),
  ].join('\n');
}
