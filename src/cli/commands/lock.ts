import { DeployError } from '../../shared/errors.ts';
import { type Command, envFlag, flagValue } from '../command.ts';

export const lockCommand: Command = {
  name: 'lock',
  summary: 'Lock the stack against deploys',
  examples: ['lock --reason "moving the database"'],
  printsResult: true,
  flags: { ...envFlag, reason: { value: 'text', meaning: 'Show this text to everyone who tries to deploy' } },
  acts: () => true,
  async run(context, given) {
    const reason = flagValue(given, 'reason')?.trim();
    if (!reason)
      throw new DeployError('USAGE', 'lock needs a reason', {
        hint: 'waggle lock --reason "moving the database"',
      });
    const { lockStack } = await import('../../pipeline/lock/manage-lock.ts');
    await lockStack(context, flagValue(given, 'env'), reason);
    return undefined;
  },
};
