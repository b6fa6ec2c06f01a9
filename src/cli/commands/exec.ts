import { type Command, envFlag, flagValue } from '../command.ts';

export const execCommand: Command = {
  name: 'exec',
  arguments: '<service> <command...>',
  summary: 'Run a program in a running task',
  examples: ['exec api.2 -- cat /etc/hosts', 'exec api --raw -- sh'],
  printsResult: true,
  flags: {
    ...envFlag,
    raw: { meaning: 'Pass this terminal to the program, as a shell needs' },
  },
  acts: () => true,
  async run(context, given) {
    const [name = '', ...command] = given.arguments;
    const { execInTask } = await import('../../pipeline/daily/exec.ts');
    return execInTask(context, {
      target: flagValue(given, 'env'),
      name,
      command,
      isInteractive: given.flags.raw === true,
    });
  },
};
