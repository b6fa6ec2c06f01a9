import { type Command, envFlag, flagValue } from '../command.ts';

export const unlockCommand: Command = {
  name: 'unlock',
  arguments: '[id]',
  summary: 'Take the lock away from its holder, or show the holder',
  examples: ['unlock', 'unlock 3f9c2a'],
  printsResult: true,
  flags: envFlag,
  acts: ({ arguments: [id] }) => id !== undefined,
  async run(context, given) {
    const { unlockStack } = await import('../../pipeline/lock/manage-lock.ts');
    await unlockStack(context, flagValue(given, 'env'), given.arguments[0]);
    return undefined;
  },
};
