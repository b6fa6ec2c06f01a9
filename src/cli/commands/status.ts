import { type Command, envFlag, flagValue } from '../command.ts';

export const statusCommand: Command = {
  name: 'status',
  summary: 'Show services, the lock, interrupted runs and drift',
  printsResult: true,
  examples: ['status', 'status --watch', 'status --json'],
  flags: {
    ...envFlag,
    json: { meaning: 'Print one JSON document' },
    watch: { meaning: 'Show it again every 2 s until Ctrl-C', short: 'w' },
  },
  async run(context, given) {
    const { showStatus } = await import('../../pipeline/daily/status.ts');
    await showStatus(context, {
      target: flagValue(given, 'env'),
      format: given.flags.json ? 'json' : 'text',
      isWatched: given.flags.watch === true,
    });
    return undefined;
  },
};
