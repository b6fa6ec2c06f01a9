import { prune, readPruning } from '../history/prune.ts';
import type { Step } from '../step.ts';

export const pruneVersions: Step = {
  name: 'prune old secrets and configs',
  describe: ({ settings }) => [
    `keep the newest ${settings.SECRET_KEEP_VERSIONS} of each, and all that a spec or one of the last ${settings.RELEASES_KEEP} releases names`,
  ],
  async run(deployment) {
    await prune(deployment, await readPruning(deployment));
    return undefined;
  },
};
