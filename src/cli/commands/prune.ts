import { type Command, envFlag, flagValue } from '../command.ts';

export const pruneCommand: Command = {
  name: 'prune',
  summary: 'remove old releases, and versions of secrets and configs that nothing names',
  examples: ['prune --dry-run'],
  printsResult: true,
  flags: { ...envFlag, 'dry-run': { meaning: 'only say what would go, and why the rest is kept' } },
  acts: ({ flags }) => flags['dry-run'] !== true,
  async run(world, given) {
    const { pruneStack } = await import('../../pipeline/history/prune-stack.ts');
    await pruneStack(world, flagValue(given, 'env'), given.flags['dry-run'] === true);
    return undefined;
  },
};
