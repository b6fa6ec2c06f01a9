import { lastingServices } from '../../plan/release/plan-waves.ts';
import { convergedState, staying } from '../../swarm/staying.ts';
import { awaitRollout } from '../await-rollout.ts';
import type { Step } from '../step.ts';

export const awaitConvergence: Step = {
  name: 'wait for convergence',
  describe: ({ settings }) => [`every service runs the new spec, at most ${settings.DEPLOY_TIMEOUT} s`],
  async run(deployment) {
    const { release, learned } = deployment;
    const converged = await awaitRollout(deployment, {
      names: lastingServices(release.document).map((name) => `${release.stack}_${name}`),
      areGood: staying(convergedState, learned.before?.taskIds),
    });
    return { converged };
  },
};
