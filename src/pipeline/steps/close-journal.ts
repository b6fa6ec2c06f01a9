import { closeWhenFree } from '../history/close-when-free.ts';
import type { Step } from '../step.ts';

export const closeJournal: Step = {
  name: 'close the journal',
  describe: () => ['no restore is needed any longer'],
  async run(deployment) {
    const { release, outputs, tools } = deployment;
    const { journal, number } = outputs;
    if (number !== undefined) await closeWhenFree(deployment, { id: release.id, journal });
    else
      tools.log.warn(
        'the release is not on record: the journal is left open for the next deploy to settle that',
      );
    return undefined;
  },
};
