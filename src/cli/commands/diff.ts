import { type Command, envFlag, flagValue } from '../command.ts';

export const diffCommand: Command = {
  name: 'diff',
  arguments: '<r40> <r43>',
  summary: 'Show the differences of two releases',
  examples: ['diff r40 r43'],
  printsResult: true,
  flags: envFlag,
  async run(context, given) {
    const [before = '', after = ''] = given.arguments;
    const { showDifference } = await import('../../pipeline/history/show-releases.ts');
    await showDifference(context, flagValue(given, 'env'), [before, after]);
    return undefined;
  },
};
