import { type Command, dryRunFlag, envFlag, flagValue, lockFlags, replaceFlag, yesFlag } from '../command.ts';

export const removeCommand: Command = {
  name: 'remove',
  summary: 'Remove the stack, its secrets and its history',
  examples: ['remove --dry-run', 'remove', 'remove --env staging --volumes --yes'],
  printsResult: true,
  flags: {
    ...envFlag,
    wait: lockFlags.wait,
    ...replaceFlag,
    ...dryRunFlag,
    ...yesFlag,
    volumes: { meaning: 'Remove the volumes of the stack on every node, too' },
  },
  async run(context, given) {
    const { removeStack } = await import('../../pipeline/remove-stack.ts');
    await removeStack(context, {
      target: flagValue(given, 'env'),
      isPatient: given.flags.wait === true,
      withVolumes: given.flags.volumes === true,
      mayReplace: given.flags['allow-replace'] === true,
      isAgreed: given.flags.yes === true,
    });
    return undefined;
  },
};
