import { DeployError } from '../../shared/errors.ts';
import type { Command } from '../command.ts';
import { renderCompletion, SHELLS } from '../completion.ts';

export const completionCommand: Command = {
  name: 'completion',
  arguments: '<bash|zsh>',
  summary: 'print what makes a shell complete commands and flags: source <(waggle completion bash)',
  examples: ['completion bash', 'completion zsh'],
  printsResult: true,
  flags: {},
  async run(world, { arguments: [shell = ''] }, all) {
    const isKnown = (name: string): name is keyof typeof SHELLS => Object.hasOwn(SHELLS, name);
    if (!isKnown(shell))
      throw new DeployError('USAGE', `${shell} is no shell that is known`, {
        hint: `one of: ${Object.keys(SHELLS).join(', ')}`,
      });
    world.print(renderCompletion(shell, all));
    return undefined;
  },
};
