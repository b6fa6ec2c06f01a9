import { type Command, envFlag, flagValue, lockFlags, readOnInterrupted } from '../command.ts';

export const rollbackCommand: Command = {
  name: 'rollback',
  arguments: '[r41]',
  summary: 'bring the stack back to what it was in an earlier release: the one before, unless one is named',
  examples: ['rollback', 'rollback r41'],
  flags: {
    ...envFlag,
    ...lockFlags,
    force: { meaning: 'also beyond a release whose migrations cannot be undone' },
  },
  acts: () => true,
  async run(world, given) {
    const { rollback } = await import('../../pipeline/push/rollback.ts');
    await rollback(world, {
      target: flagValue(given, 'env'),
      name: given.arguments[0],
      isPatient: given.flags.wait === true,
      onInterrupted: readOnInterrupted(given),
      isForced: given.flags.force === true,
    });
    return undefined;
  },
};
