import { type Command, envFlag, flagValue, rawFlag } from '../command.ts';

export const logsCommand: Command = {
  name: 'logs',
  arguments: '[service...]',
  summary: 'Print the logs of services, from all nodes',
  examples: [
    'logs',
    'logs api worker --follow',
    'logs --since 2h --grep "timeout|refused"',
    'logs --release r41',
  ],
  printsResult: true,
  flags: {
    ...envFlag,
    ...rawFlag,
    follow: { meaning: 'Follow new lines until Ctrl-C', short: 'f' },
    since: { value: 'time', meaning: 'Start at a time: 10m, 2h, 3d, or 2026-11-22T04:00:00Z' },
    tail: {
      value: 'lines',
      meaning: 'Limit the lines of each task, or all; 100 without --since',
      short: 'n',
    },
    grep: { value: 'pattern', meaning: 'Show only lines that match this regular expression' },
    release: { value: 'r41', meaning: 'Show only tasks of this release' },
    timestamps: { meaning: 'Show the time of each line', short: 't' },
  },
  async run(context, given) {
    const { showLogs } = await import('../../pipeline/daily/logs.ts');
    await showLogs(context, {
      target: flagValue(given, 'env'),
      names: given.arguments,
      follow: given.flags.follow === true,
      timestamps: given.flags.timestamps === true,
      since: flagValue(given, 'since'),
      tail: flagValue(given, 'tail'),
      grep: flagValue(given, 'grep'),
      release: flagValue(given, 'release'),
    });
    return undefined;
  },
};
