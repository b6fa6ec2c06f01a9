import {
  type Command,
  dryRunFlag,
  envFlag,
  lockFlags,
  replaceFlag,
  skipHealthcheckFlag,
} from '../command.ts';
import { pushChange } from '../push-change.ts';

export const restartCommand: Command = {
  name: 'restart',
  arguments: '[service...]',
  summary: 'Replace the tasks of some or all services',
  examples: ['restart api', 'restart'],
  flags: { ...envFlag, ...lockFlags, ...replaceFlag, ...dryRunFlag, ...skipHealthcheckFlag },
  async run(context, given) {
    const { planRestart } = await import('../../plan/pushes/plan-restart.ts');
    await pushChange(context, given, {
      ...{ verb: 'restart', words: given.arguments, plan: planRestart },
      namesOf: (words) => words,
    });
    return undefined;
  },
};
