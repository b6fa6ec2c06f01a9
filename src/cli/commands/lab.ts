import { DeployError } from '../../shared/errors.ts';
import type { Command } from '../command.ts';

export const labCommand: Command = {
  name: 'lab',
  arguments: '<up|down>',
  verbs: ['up', 'down'],
  summary: 'Start a throwaway Swarm on this machine, or remove it',
  examples: ['lab up', 'lab down', 'WAGGLE_LAB=second waggle lab up'],
  flags: {},
  acts: () => true,
  async run(context, { arguments: [word] }) {
    const { openLab, closeLab } = await import('../../pipeline/lab.ts');
    if (word !== 'up' && word !== 'down')
      throw new DeployError('USAGE', `lab does not take ${word}`, {
        hint: 'use `waggle lab up` or `waggle lab down`',
      });
    await (word === 'up' ? openLab(context) : closeLab(context));
    return undefined;
  },
};
