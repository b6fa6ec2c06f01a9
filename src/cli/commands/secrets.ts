import { DeployError } from '../../shared/errors.ts';
import {
  type Command,
  dryRunFlag,
  envFlag,
  flagValue,
  lockFlags,
  replaceFlag,
  skipHealthcheckFlag,
} from '../command.ts';
import { pushChange } from '../push-change.ts';

export const secretsCommand: Command = {
  name: 'secrets',
  arguments: '<ls|rotate> [name...]',
  verbs: ['ls', 'rotate'],
  summary: 'List versions of secrets and configs, or rotate some',
  examples: ['secrets ls', 'secrets rotate postgres_password'],
  printsResult: true,
  flags: { ...envFlag, ...lockFlags, ...replaceFlag, ...dryRunFlag, ...skipHealthcheckFlag },
  async run(context, given) {
    const [verb, ...names] = given.arguments;
    if (verb === 'ls' && names.length === 0) {
      const { listSecrets } = await import('../../pipeline/daily/list-secrets.ts');
      await listSecrets(context, flagValue(given, 'env'));
    } else if (verb === 'rotate' && names.length > 0) {
      const { planRotation } = await import('../../plan/pushes/plan-rotation.ts');
      await pushChange(context, given, { verb, words: names, objects: names, plan: planRotation });
    } else
      throw new DeployError('USAGE', `secrets does not take ${given.arguments.join(' ')}`, {
        hint: 'waggle secrets ls, or waggle secrets rotate <name>',
      });
    return undefined;
  },
};
