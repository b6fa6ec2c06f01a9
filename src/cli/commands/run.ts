import { type Command, envFlag, flagValue, rawFlag } from '../command.ts';

export const runCommand: Command = {
  name: 'run',
  arguments: '<service> [command...]',
  summary: 'run one task more in the exact spec of a service, with another command; exits as it does',
  examples: ['run api -- node dist/migrate.js', 'run worker'],
  printsResult: true,
  flags: { ...envFlag, ...rawFlag },
  acts: () => true,
  async run(world, given) {
    const [name = '', ...command] = given.arguments;
    const { runOneOff } = await import('../../pipeline/daily/run-one-off.ts');
    return runOneOff(world, { target: flagValue(given, 'env'), name, command });
  },
};
