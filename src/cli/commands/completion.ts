import { DeployError } from '../../shared/errors.ts';
import type { Command } from '../command.ts';
import { completeWords } from '../complete-words.ts';
import { SHELLS } from '../completion.ts';

export const completionCommand: Command = {
  name: 'completion',
  arguments: '<bash|zsh|fish> [command...]',
  verbs: Object.keys(SHELLS),
  summary: 'Print a script that completes commands in a shell',
  examples: ['source <(waggle completion bash)', 'waggle completion fish | source'],
  printsResult: true,
  flags: {},
  async run(context, { arguments: [shell = '', ...words] }, all) {
    const isKnown = (name: string): name is keyof typeof SHELLS => Object.hasOwn(SHELLS, name);
    if (shell === 'words') {
      const { projectNames } = await import('../../pipeline/project-names.ts');
      const found = await completeWords(words, all, projectNames(context));
      if (found.length > 0) context.print(found.join('\n'));
    } else if (isKnown(shell) && words.length === 0) context.print(SHELLS[shell]);
    else
      throw new DeployError('USAGE', `unknown shell ${[shell, ...words].join(' ')}`, {
        hint: `use one of: ${Object.keys(SHELLS).join(', ')}`,
      });
    return undefined;
  },
};
