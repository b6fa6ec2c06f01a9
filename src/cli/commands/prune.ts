import { type Command, dryRunFlag, envFlag, flagValue } from '../command.ts';

export const pruneCommand: Command = {
  name: 'prune',
  summary: 'Remove old releases, secret versions and bundles',
  examples: ['prune --dry-run'],
  printsResult: true,
  flags: { ...envFlag, ...dryRunFlag },
  async run(context, given) {
    const { pruneStack } = await import('../../pipeline/history/prune-stack.ts');
    await pruneStack(context, flagValue(given, 'env'));
    return undefined;
  },
};
