import { type Command, envFlag, lockFlags } from '../command.ts';
import { pushChange } from '../push-change.ts';

export const scaleCommand: Command = {
  name: 'scale',
  arguments: '<service=replicas...>',
  summary: 'run more or fewer tasks of a service; the next deploy goes by the stack file again',
  examples: ['scale api=5', 'scale api=5 worker=2'],
  flags: { ...envFlag, ...lockFlags },
  acts: () => true,
  async run(world, given) {
    const { planScale } = await import('../../plan/pushes/plan-scale.ts');
    await pushChange(world, given, { verb: 'scale', words: given.arguments, plan: planScale });
    return undefined;
  },
};
