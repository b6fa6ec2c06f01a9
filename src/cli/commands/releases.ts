import { DeployError } from '../../shared/errors.ts';
import { type Command, envFlag, flagValue } from '../command.ts';

export const releasesCommand: Command = {
  name: 'releases',
  arguments: '[show r41]',
  verbs: ['show'],
  summary: 'List releases and their results, or show one',
  examples: ['releases', 'releases show r41'],
  printsResult: true,
  flags: { ...envFlag, json: { meaning: 'Print one JSON document' } },
  async run(context, given) {
    const [word, name] = given.arguments;
    if (word !== undefined && (word !== 'show' || name === undefined))
      throw new DeployError('USAGE', `releases does not take ${given.arguments.join(' ')}`, {
        hint: 'all that are kept: `waggle releases`; one: `waggle releases show r41`',
      });
    const { showReleases } = await import('../../pipeline/history/show-releases.ts');
    const format = given.flags.json ? 'json' : 'text';
    await showReleases(context, { target: flagValue(given, 'env'), name, format });
    return undefined;
  },
};
