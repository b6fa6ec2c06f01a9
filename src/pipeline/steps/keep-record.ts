import { HEALTHY } from '../history/journal.ts';
import { recordRelease } from '../history/record-release.ts';
import type { Step } from '../step.ts';

export const keepRecord: Step = {
  name: 'record the release',
  describe: ({ stack }) => [
    `the next one of ${stack}, in the cluster itself: what runs now, and who deployed it`,
  ],
  async run(deployment) {
    // From here on no restore is needed.
    await deployment.outputs.journal?.reach(HEALTHY);
    const number = await recordRelease(deployment, { isKept: true });
    await deployment.tools.cluster.remember();
    deployment.tools.log.info(`this is release r${number}`);
    return { number };
  },
};
