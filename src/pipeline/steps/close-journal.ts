import type { Step } from '../step.ts';

export const closeJournal: Step = {
  name: 'close the journal',
  describe: () => ['nothing has to be put back any more'],
  async run({ learned }) {
    await learned.journal?.close();
    return undefined;
  },
};
