import { type Command, envFlag, flagValue } from '../command.ts';

export const configCommand: Command = {
  name: 'config',
  summary: 'Print the stack file as Waggle would send it to Docker',
  examples: ['config', 'config --origins', 'config --env staging --show-values'],
  printsResult: true,
  flags: {
    env: envFlag.env,
    origins: { meaning: 'Add the file, the line and the variables of each value' },
    'show-values': { meaning: 'Print sensitive values instead of ${NAME}' },
  },
  async run(context, given) {
    const { showConfig } = await import('../../pipeline/show-config.ts');
    await showConfig(context, {
      target: flagValue(given, 'env'),
      hasOrigins: given.flags.origins === true,
      showsValues: given.flags['show-values'] === true,
    });
    return undefined;
  },
};
