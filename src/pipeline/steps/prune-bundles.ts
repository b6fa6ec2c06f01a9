import { renderPruneBundles } from '../../plan/render/render-scripts.ts';
import type { Restoring, Step } from '../step.ts';

const KEEP = 10;

export const pruneBundles: Step = {
  name: 'prune old bundles',
  describe: () => [`keep the newest ${KEEP} on the manager`],
  async run(deployment) {
    await removeOldBundles(deployment);
    return undefined;
  },
};

export async function removeOldBundles({ release, tools: { remote } }: Restoring): Promise<void> {
  const { exitCode, stderr } = await remote.run(renderPruneBundles(release, KEEP));
  if (exitCode !== 0) throw new Error(stderr.trim());
}
