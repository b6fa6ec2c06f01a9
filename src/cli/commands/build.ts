import { type Command, dirtyFlag, envFlag, flagValue, withSwitches } from '../command.ts';

export const buildCommand: Command = {
  name: 'build',
  summary: 'build and push the images only, for a plan and a deploy with SKIP_BUILD=1 later',
  examples: ['build'],
  flags: { ...envFlag, ...dirtyFlag },
  acts: () => true,
  async run(world, given) {
    const { build } = await import('../../pipeline/build.ts');
    await build(withSwitches(world, given), flagValue(given, 'env'));
    return undefined;
  },
};
