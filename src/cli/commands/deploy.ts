import { ON_DRIFT } from '../../plan/records/on-drift.ts';
import {
  buildFlags,
  type Command,
  dryRunFlag,
  envFlag,
  flagValue,
  isDryRun,
  lockFlags,
  readChoice,
  readOnInterrupted,
  replaceFlag,
  skipBuildFlag,
  skipHealthcheckFlag,
} from '../command.ts';

export const deployCommand: Command = {
  name: 'deploy',
  arguments: '[plan.json]',
  summary: 'Deploy this checkout, or a saved plan',
  examples: ['deploy', 'deploy --dry-run', 'deploy --skip-build --tag v1.4.0', 'deploy --env staging'],
  flags: {
    ...envFlag,
    ...dryRunFlag,
    ...buildFlags,
    ...skipBuildFlag,
    ...skipHealthcheckFlag,
    ...lockFlags,
    'on-drift': {
      value: 'choice',
      choices: Object.keys(ON_DRIFT),
      meaning: 'Choose for drift: overwrite (default), adopt or stop',
    },
    'allow-recreate': {
      meaning: 'Recreate services whose mode changes, with downtime',
    },
    ...replaceFlag,
  },
  async run(context, given) {
    const [{ deploy }, { readSavedPlan }] = await Promise.all([
      import('../../pipeline/deploy.ts'),
      import('../read-saved-plan.ts'),
    ]);
    const saved = given.arguments[0] === undefined ? undefined : await readSavedPlan(given.arguments[0]);
    await deploy(context, {
      target: flagValue(given, 'env'),
      isOffline: isDryRun(context.environment),
      saved,
      isPatient: given.flags.wait === true,
      onInterrupted: readOnInterrupted(given),
      onDrift: readChoice(given, 'on-drift', ON_DRIFT),
      // A saved plan counts as agreement to its changes.
      mayRecreate: saved !== undefined || given.flags['allow-recreate'] === true,
      mayReplace: given.flags['allow-replace'] === true,
    });
    return undefined;
  },
};
