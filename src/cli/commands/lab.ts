import { DeployError } from '../../shared/errors.ts';
import type { Command } from '../command.ts';

export const labCommand: Command = {
  name: 'lab',
  arguments: '<up|sh|down>',
  verbs: ['up', 'sh', 'down'],
  summary: 'Start a throwaway Swarm on this machine, or remove it',
  examples: ['lab up', 'lab sh', 'lab down', 'WAGGLE_LAB=second waggle lab up'],
  flags: {},
  acts: () => true,
  async run(context, { arguments: [word] }) {
    const { openLab, openLabShell, closeLab } = await import('../../pipeline/lab.ts');
    if (word === 'sh') return openLabShell(context);
    if (word !== 'up' && word !== 'down')
      throw new DeployError('USAGE', `lab does not take ${word}`, {
        hint: 'use `waggle lab up`, `waggle lab sh` or `waggle lab down`',
      });
    await (word === 'up' ? openLab(context) : closeLab(context));
    return undefined;
  },
};
