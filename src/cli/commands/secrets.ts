import { DeployError } from '../../shared/errors.ts';
import { type Command, envFlag, flagValue, lockFlags } from '../command.ts';
import { pushChange } from '../push-change.ts';

export const secretsCommand: Command = {
  name: 'secrets',
  arguments: '<ls|rotate> [name...]',
  summary:
    'list the versions of secrets and configs, or give those that use one the content that its file has now',
  examples: ['secrets ls', 'secrets rotate postgres_password'],
  printsResult: true,
  flags: { ...envFlag, ...lockFlags },
  acts: ({ arguments: [verb] }) => verb === 'rotate',
  async run(world, given) {
    const [verb, ...names] = given.arguments;
    if (verb === 'ls' && names.length === 0) {
      const { listSecrets } = await import('../../pipeline/daily/list-secrets.ts');
      await listSecrets(world, flagValue(given, 'env'));
    } else if (verb === 'rotate' && names.length > 0) {
      const { planRotation } = await import('../../plan/pushes/plan-rotation.ts');
      await pushChange(world, given, { verb, words: names, plan: planRotation });
    } else
      throw new DeployError('USAGE', `secrets does not take ${given.arguments.join(' ')}`, {
        hint: 'waggle secrets ls, or waggle secrets rotate <name>',
      });
    return undefined;
  },
};
