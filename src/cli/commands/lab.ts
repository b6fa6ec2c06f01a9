import { DeployError } from '../../shared/errors.ts';
import type { Command } from '../command.ts';

export const labCommand: Command = {
  name: 'lab',
  arguments: '<up|down>',
  summary: 'a Swarm of three managers in containers of this machine, to try a deploy in; or remove it again',
  examples: ['lab up', 'lab down'],
  flags: {},
  acts: () => true,
  async run(world, { arguments: [word] }) {
    const { openLab, closeLab } = await import('../../pipeline/lab.ts');
    if (word !== 'up' && word !== 'down')
      throw new DeployError('USAGE', `lab does not take ${word}`, {
        hint: 'use `waggle lab up` or `waggle lab down`',
      });
    await (word === 'up' ? openLab(world) : closeLab(world));
    return undefined;
  },
};
