import { atCluster } from '../at-cluster.ts';
import { underLock } from '../lock/under-lock.ts';
import { removeOldBundles } from '../steps/prune-bundles.ts';
import type { World } from '../world.ts';
import { type Pruning, prune, readPruning } from './prune.ts';

/** What a deploy prunes in the end, by itself. */
export async function pruneStack(world: World, target: string | undefined, isDry: boolean): Promise<void> {
  await atCluster(world, target, async (release, tools) => {
    if (isDry) return world.print(renderPruning(await readPruning({ release, tools })));
    await underLock(world, tools, { stack: release.stack, what: 'prune' }, async (held) => {
      const acting = { release, tools: held };
      const pruning = await readPruning(acting);
      await prune(acting, pruning);
      await removeOldBundles(acting);
      world.print(renderPruning(pruning));
    });
  });
}

function renderPruning({ releases, objects }: Pruning): string {
  const lines = [
    ...releases.map(({ name }) => `- release ${name}`),
    ...objects.map(({ kind, name, why }) => (why ? `  ${kind} ${name}: ${why}` : `- ${kind} ${name}`)),
  ];
  return lines.join('\n') || 'there is nothing to prune';
}
