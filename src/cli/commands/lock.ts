import { DeployError } from '../../shared/errors.ts';
import { type Command, envFlag, flagValue } from '../command.ts';

export const lockCommand: Command = {
  name: 'lock',
  summary: 'keep everybody from deploying, until `waggle unlock`',
  examples: ['lock --reason "moving the database"'],
  printsResult: true,
  flags: { ...envFlag, reason: { value: 'text', meaning: 'what others are told' } },
  acts: () => true,
  async run(world, given) {
    const reason = flagValue(given, 'reason')?.trim();
    if (!reason)
      throw new DeployError('USAGE', 'say why: others will ask', { hint: 'waggle lock --reason "..."' });
    const { lockStack } = await import('../../pipeline/lock/manage-lock.ts');
    await lockStack(world, flagValue(given, 'env'), reason);
    return undefined;
  },
};
