import type { Command, Flag } from '../../src/cli/command.ts';
import { commands } from '../../src/cli/commands.ts';
import { renderPage, renderTable } from './table.ts';

/** An option of at least this many commands has one row at the end of the page. */
const SHARED = 2;

/** docs/reference/commands.md */
export function renderCommands(): string {
  const shared = new Map(
    commands
      .flatMap(({ flags }) => Object.entries(flags))
      .filter(([name, flag]) => countOf(name, flag) >= SHARED),
  );
  const isShared = ([name, flag]: readonly [string, Flag]) => shared.get(name)?.meaning === flag.meaning;
  return renderPage('Commands', '`src/cli/commands`', [
    'Run a command in a checkout that has a `deploy/` folder. `waggle <command> --help` prints the same text.',
    'Every command takes `--help` and `--verbose`. `--json` prints [events](events.md), or one JSON document.',
    ...commands.flatMap((command) => ['', ...renderCommand(command, isShared)]),
    '',
    '## Shared options',
    '',
    ...renderTable(['option', 'meaning'], [...shared].map(renderOption)),
  ]);
}

const countOf = (name: string, { meaning }: Flag) =>
  commands.filter(({ flags }) => flags[name]?.meaning === meaning).length;

function renderCommand(command: Command, isShared: (option: readonly [string, Flag]) => boolean): string[] {
  const options = Object.entries(command.flags);
  const shared = options.filter(isShared).map(([name]) => `\`--${name}\``);
  const own = options.filter((option) => !isShared(option));
  return [
    `## ${command.name}`,
    '',
    `\`${['waggle', command.name, command.arguments].filter(Boolean).join(' ')}\`: ${command.summary}.`,
    `Examples: ${command.examples.map(renderExample).join(', ')}.`,
    ...(shared.length > 0 ? [`[Shared options](#shared-options): ${shared.join(', ')}.`] : []),
    ...(own.length > 0 ? ['', ...renderTable(['option', 'meaning'], own.map(renderOption))] : []),
  ];
}

const renderExample = (example: string) =>
  `\`${example.includes('waggle ') ? example : `waggle ${example}`}\``;

const renderOption = ([name, { value, short, meaning }]: readonly [string, Flag]) => [
  `\`${[...(short ? [`-${short}`] : []), value ? `--${name} <${value}>` : `--${name}`].join('`, `')}\``,
  meaning,
];
