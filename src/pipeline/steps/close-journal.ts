import type { Step } from '../step.ts';

export const closeJournal: Step = {
  name: 'close the journal',
  describe: () => ['nothing has to be put back any more'],
  async run({ learned: { journal, number }, tools: { log } }) {
    if (number !== undefined) await journal?.close();
    else
      log.warn('the release is not on record: the journal is left open for the next deploy to settle that');
    return undefined;
  },
};
