import { endRemoteDeploys } from '../end-remote-deploys.ts';
import { returnTo } from '../return-to.ts';
import type { Step } from '../step.ts';

/** Stands before the first change to the stack: undoing it undoes every change that came after. */
export const keepWayBack: Step = {
  name: 'keep the way back ready',
  describe: ({ stack }) => [`every service of ${stack} is put back as it was if anything fails`],
  run: async () => ({ began: performance.now() }),
  undoing: 'put the stack back as it was',
  async undo(deployment) {
    const { facts, learned } = deployment;
    const { before } = learned;
    if (!before) return;
    const quietMs = await endRemoteDeploys(deployment, deployment.release.id);
    await returnTo(deployment, { before, records: facts.records, quietMs });
  },
};
