import { takeSnapshot } from '../../swarm/restore-stack.ts';
import type { Step } from '../step.ts';

/** The last look before the first change: what any later failure puts back. */
export const snapshotStack: Step = {
  name: 'record the running stack',
  describe: ({ stack }) => [`every service of ${stack}, to put it back if anything fails`],
  async run({ release: { stack }, tools: { swarm } }) {
    return { before: await takeSnapshot(swarm, stack) };
  },
};
