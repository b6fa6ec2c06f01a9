import type { Command } from '../command.ts';

export const initCommand: Command = {
  name: 'init',
  arguments: '[compose.yml]',
  summary: 'Write a deploy folder, from your compose file if any',
  examples: ['init', 'init docker-stack.yml'],
  printsResult: true,
  flags: {},
  acts: () => true,
  async run(world, { arguments: [compose] }) {
    const { init } = await import('../../pipeline/init.ts');
    await init(world, compose);
    return undefined;
  },
};
