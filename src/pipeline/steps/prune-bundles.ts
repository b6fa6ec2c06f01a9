import { renderPruneBundles } from '../../plan/render-scripts.ts';
import type { Step } from '../step.ts';

const KEEP = 10;

export const pruneBundles: Step = {
  name: 'prune old bundles',
  describe: () => [`keep the newest ${KEEP} on the manager`],
  async run({ release, tools: { remote } }) {
    const { exitCode, stderr } = await remote.run(renderPruneBundles(release, KEEP));
    if (exitCode !== 0) throw new Error(stderr.trim());
    return undefined;
  },
};
