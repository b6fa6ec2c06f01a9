import { longRunningServices } from '../../plan/release/plan-waves.ts';
import { convergedState, stayStable } from '../../swarm/stay-stable.ts';
import { awaitRollout } from '../await-rollout.ts';
import type { Step } from '../step.ts';

export const awaitConvergence: Step = {
  name: 'wait for convergence',
  describe: ({ settings }) => [`every service runs the new spec, at most ${settings.DEPLOY_TIMEOUT} s`],
  async run(deployment) {
    const { release, outputs } = deployment;
    const converged = await awaitRollout(deployment, {
      names: longRunningServices(release.document).map((name) => `${release.stack}_${name}`),
      areGood: stayStable(convergedState, outputs.before?.taskIds),
    });
    return { converged };
  },
};
