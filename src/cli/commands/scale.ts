import { DeployError } from '../../shared/errors.ts';
import {
  type Command,
  dryRunFlag,
  envFlag,
  lockFlags,
  replaceFlag,
  skipHealthcheckFlag,
} from '../command.ts';
import { pushChange } from '../push-change.ts';

export const scaleCommand: Command = {
  name: 'scale',
  arguments: '<service=replicas...>',
  summary: 'Change the number of tasks until the next deploy',
  examples: ['scale api=5', 'scale api=5 worker=2'],
  flags: { ...envFlag, ...lockFlags, ...replaceFlag, ...dryRunFlag, ...skipHealthcheckFlag },
  async run(context, given) {
    const wrong = given.arguments.find((word) => !/^[^=]+=\d+$/.test(word));
    if (wrong !== undefined)
      throw new DeployError('USAGE', `${wrong} must be service=replicas`, {
        hint: `waggle scale ${wrong.split('=')[0]}=5`,
      });
    const { planScale } = await import('../../plan/pushes/plan-scale.ts');
    await pushChange(context, given, {
      ...{ verb: 'scale', words: given.arguments, plan: planScale },
      namesOf: (words) => words.map((word) => word.replace(/=.*/, '')),
    });
    return undefined;
  },
};
