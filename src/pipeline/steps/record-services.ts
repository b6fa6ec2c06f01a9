import { FREE_MS, fenceCommands } from '../end-commands.ts';
import { restoreTo } from '../restore-to.ts';
import type { Step } from '../step.ts';

/** Stands before the first change to the stack: undoing it undoes every change that came after. */
export const recordServices: Step = {
  name: 'record the current services',
  describe: ({ stack }) => [`a failure restores every service of ${stack}`],
  run: async () => ({ began: performance.now() }),
  undoing: 'restore the stack',
  async undo(deployment) {
    const { release, facts, tools, outputs } = deployment;
    const { before, journal } = outputs;
    if (!before) return;
    const left = journal?.left ?? [];
    if (left.length > 0) await fenceCommands(tools);
    await restoreTo(deployment, { before, records: facts.records, id: release.id, left }, FREE_MS);
    for (const { address } of left) journal?.end(address);
  },
};
