import { DeployError } from '../../shared/errors.ts';
import { buildFlags, type Command, type CommandLine, envFlag, flagValue, skipBuildFlag } from '../command.ts';

/** Exit status of a plan that has changes, when asked for in detail. */
const HAS_CHANGES = 2;

export const planCommand: Command = {
  name: 'plan',
  summary: 'Show what a deploy would change, and change nothing',
  examples: ['plan', 'plan --offline', 'plan --out plan.json'],
  printsResult: true,
  flags: {
    ...envFlag,
    ...buildFlags,
    ...skipBuildFlag,
    offline: { meaning: 'Use no Docker, no network and no cluster' },
    json: { meaning: 'Print the plan as one JSON document' },
    markdown: { meaning: 'Print the plan as Markdown for a pull request' },
    out: { value: 'file', meaning: 'Save the plan for `waggle deploy <file>`' },
    'detailed-exitcode': { meaning: 'Exit with 2 if the plan has changes, else with 0' },
  },
  async run(context, given) {
    const target = flagValue(given, 'env');
    if (given.flags.offline) {
      forbid(given, 'json', 'markdown', 'out', 'detailed-exitcode');
      const { deploy } = await import('../../pipeline/deploy.ts');
      await deploy(context, { target, isOffline: true });
      return undefined;
    }
    if (given.flags.json) forbid(given, 'markdown');
    const { makePlan } = await import('../../pipeline/make-plan.ts');
    const format = given.flags.json ? 'json' : given.flags.markdown ? 'markdown' : 'text';
    const { hasChanges } = await makePlan(context, { target, format, out: flagValue(given, 'out') });
    return hasChanges && given.flags['detailed-exitcode'] ? HAS_CHANGES : 0;
  },
};

function forbid({ flags }: CommandLine, ...names: readonly string[]): void {
  const [found] = names.filter((name) => Object.hasOwn(flags, name));
  if (found)
    throw new DeployError('USAGE', `--${found} does not go with ${flags.offline ? '--offline' : '--json'}`);
}
