import { requireReadable } from '../../plan/records/stored.ts';
import { settleAll } from '../../shared/settle-all.ts';
import { atCluster } from '../at-cluster.ts';
import { underLock } from '../lock/under-lock.ts';
import type { RunContext } from '../run-context.ts';
import { pruneOldBundles } from '../steps/prune-bundles.ts';
import { type PrunePlan, prune, readPruning } from './prune.ts';

/** What a deploy prunes in the end, by itself. */
export async function pruneStack(context: RunContext, target: string | undefined): Promise<void> {
  await atCluster(context, target, async (release, tools) => {
    const isDry = release.settings.DRY_RUN;
    if (isDry) {
      const acting = { release, tools };
      const pruning = await readPruning(acting);
      context.print(renderPruning(pruning, await pruneOldBundles(acting, { isDry })));
      return requireReadable(pruning.damaged);
    }
    await underLock(context, tools, { stack: release.stack, what: 'prune' }, async (held) => {
      const acting = { release, tools: held };
      const pruning = await readPruning(acting);
      const show = (bundles: readonly string[]) => context.print(renderPruning(pruning, bundles));
      const work = [prune(acting, pruning), pruneOldBundles(acting, { isDry }).then(show)];
      await settleAll(work, 'DEPLOY_FAILED');
    });
  });
}

function renderPruning({ releases, objects }: PrunePlan, bundles: readonly string[]): string {
  const all = [...releases.map(({ head: { name }, why }) => ({ kind: 'release', name, why })), ...objects];
  const going = [
    ...all.flatMap(({ kind, name, why }) => (why ? [] : [`- ${kind} ${name}`])),
    ...bundles.map((name) => `- bundle ${name}`),
  ];
  const kept = all.flatMap(({ kind, name, why }) => (why ? [`  ${kind} ${name}: ${why}`] : []));
  return [
    ...(going.length > 0 ? ['remove', ...going] : ['nothing to remove']),
    ...(kept.length > 0 ? ['keep', ...kept] : []),
  ].join('\n');
}
