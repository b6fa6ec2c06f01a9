import {
  type Command,
  dryRunFlag,
  envFlag,
  flagValue,
  lockFlags,
  readOnInterrupted,
  replaceFlag,
  skipHealthcheckFlag,
  yesFlag,
} from '../command.ts';

export const rollbackCommand: Command = {
  name: 'rollback',
  arguments: '[r41]',
  summary: 'Restore an earlier release: by default the last that differs',
  examples: ['rollback', 'rollback r41', 'rollback --dry-run'],
  flags: {
    ...envFlag,
    ...lockFlags,
    ...replaceFlag,
    ...dryRunFlag,
    ...skipHealthcheckFlag,
    ...yesFlag,
    force: { meaning: 'Roll back beyond migrations that cannot be undone' },
  },
  async run(context, given) {
    const { rollback } = await import('../../pipeline/push/rollback.ts');
    await rollback(context, {
      target: flagValue(given, 'env'),
      name: given.arguments[0],
      isPatient: given.flags.wait === true,
      onInterrupted: readOnInterrupted(given),
      isForced: given.flags.force === true,
      mayReplace: given.flags['allow-replace'] === true,
      isAgreed: given.flags.yes === true,
    });
    return undefined;
  },
};
