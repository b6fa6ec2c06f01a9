import { FREE_MS, fenceCommands } from '../end-commands.ts';
import { returnTo } from '../return-to.ts';
import type { Step } from '../step.ts';

/** Stands before the first change to the stack: undoing it undoes every change that came after. */
export const keepWayBack: Step = {
  name: 'record the current services',
  describe: ({ stack }) => [`every service of ${stack} is put back as it was if anything fails`],
  run: async () => ({ began: performance.now() }),
  undoing: 'put the stack back as it was',
  async undo(deployment) {
    const { release, facts, tools, learned } = deployment;
    const { before, journal } = learned;
    if (!before) return;
    const left = journal?.left ?? [];
    if (left.length > 0) await fenceCommands(tools);
    await returnTo(deployment, { before, records: facts.records, id: release.id, left }, FREE_MS);
    for (const { address } of left) journal?.end(address);
  },
};
