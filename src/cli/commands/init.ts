import { type Command, envFlag, flagValue } from '../command.ts';

export const initCommand: Command = {
  name: 'init',
  arguments: '[compose.yml...]',
  summary: 'Write a deploy folder, from your compose file if any',
  examples: ['init', 'init docker-stack.yml', 'init --env staging'],
  printsResult: true,
  flags: { env: { ...envFlag.env, meaning: 'Write deploy/<name>/ for another environment' } },
  acts: () => true,
  async run(context, given) {
    const { init } = await import('../../pipeline/init.ts');
    const { tellNext } = await import('../../pipeline/tell-next.ts');
    const target = flagValue(given, 'env');
    await init(context, given.arguments, { target });
    await tellNext(context, target);
    return undefined;
  },
};
