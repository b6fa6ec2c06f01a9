import { renderPruneBundles } from '../../plan/render/render-scripts.ts';
import type { RestoreContext, Step } from '../step.ts';

const KEEP = 10;

export const pruneBundles: Step = {
  name: 'prune old bundles',
  describe: () => [`keep the newest ${KEEP} on the manager`],
  async run(deployment) {
    await pruneOldBundles(deployment, { isDry: false });
    return undefined;
  },
};

/** Gives the names of those that went, or would go. */
export async function pruneOldBundles(
  { release, tools: { remote } }: RestoreContext,
  options: { readonly isDry: boolean },
): Promise<readonly string[]> {
  const { exitCode, stdout, stderr } = await remote.run(renderPruneBundles(release, KEEP, options));
  if (exitCode !== 0) throw new Error(stderr.trim());
  return stdout.split('\n').filter(Boolean);
}
