import { type Command, envFlag, flagValue, rawFlag } from '../command.ts';

export const runCommand: Command = {
  name: 'run',
  arguments: '<service> <command...>',
  summary: 'Run a command in a new task of a service',
  examples: ['run api -- node dist/migrate.js'],
  printsResult: true,
  flags: { ...envFlag, ...rawFlag },
  acts: () => true,
  async run(context, given) {
    const [name = '', ...command] = given.arguments;
    const { runOneOff } = await import('../../pipeline/daily/run-one-off.ts');
    return runOneOff(context, { target: flagValue(given, 'env'), name, command });
  },
};
