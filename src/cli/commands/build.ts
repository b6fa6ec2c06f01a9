import { buildFlags, type Command, envFlag, flagValue } from '../command.ts';

export const buildCommand: Command = {
  name: 'build',
  summary: 'Build and push the images, for a later --skip-build',
  examples: ['build'],
  flags: { ...envFlag, ...buildFlags },
  acts: () => true,
  async run(context, given) {
    const { build } = await import('../../pipeline/build.ts');
    await build(context, flagValue(given, 'env'));
    return undefined;
  },
};
