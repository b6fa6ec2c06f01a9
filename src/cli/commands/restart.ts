import { type Command, envFlag, lockFlags } from '../command.ts';
import { pushChange } from '../push-change.ts';

export const restartCommand: Command = {
  name: 'restart',
  arguments: '[service...]',
  summary: 'replace the tasks of services by new ones of the same spec; all of them, unless some are named',
  examples: ['restart api', 'restart'],
  flags: { ...envFlag, ...lockFlags },
  acts: () => true,
  async run(world, given) {
    const { planRestart } = await import('../../plan/pushes/plan-restart.ts');
    await pushChange(world, given, { verb: 'restart', words: given.arguments, plan: planRestart });
    return undefined;
  },
};
