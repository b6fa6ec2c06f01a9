import { listWarnings, renderGroup } from '../config/group-findings.ts';
import { isEmpty } from '../plan/changes/changes.ts';
import { renderMarkdown } from '../plan/changes/render-markdown.ts';
import { renderPlan, tintPlan } from '../plan/changes/render-plan.ts';
import { describeInputs, savePlan } from '../plan/changes/save-plan.ts';
import { makeDigest } from '../shared/digest.ts';
import { DeployError } from '../shared/errors.ts';
import { Secret } from '../shared/secret.ts';
import { warnOfOpen } from './history/warn-of-open.ts';
import { judgeOwnStack } from './judge-own-stack.ts';
import { loadRelease } from './load-release.ts';
import { logFindings } from './log-findings.ts';
import { prepare, requireFeasible } from './prepare.ts';
import type { RunContext } from './run-context.ts';
import { timed } from './run-steps.ts';
import { writeResult } from './write-result.ts';

export interface PlanOptions {
  readonly target?: string | undefined;
  readonly format: 'text' | 'json' | 'markdown';
  /** Where to save it for `waggle deploy <file>`. */
  readonly out?: string | undefined;
}

/** Shows what a deploy would change, and returns whether it would change anything. Only reads. */
export async function makePlan(
  context: RunContext,
  { target, format, out }: PlanOptions,
): Promise<{ hasChanges: boolean }> {
  const { log, root, git, environment, secrecy } = context;
  const release = await timed(log, 'read and validate the configuration', () =>
    loadRelease({ root, git, environment, secrecy, target, isOffline: false, copyExamples: false }),
  );
  for (const warning of release.warnings) log.warn(warning);
  logFindings(log, release.findings);
  if (out && release.dirty && release.builds.length > 0)
    throw new DeployError(
      'CONFIG_INVALID',
      'the checkout has uncommitted changes, which a saved plan cannot hold',
      {
        hint: 'commit them, or plan pushed images with SKIP_BUILD=1',
      },
    );

  const reading = context.readProject();
  await using tools = await timed(log, 'connect to the manager', () => context.connect(release));
  const prepared = await prepare(release, tools);
  warnOfOpen(log, prepared.facts.records);
  const wrong = judgeOwnStack(release.stack, await reading, prepared.facts, prepared.plan);
  if (wrong) for (const line of [wrong.message, ...wrong.details]) log.warn(line);
  const inputs =
    out || format === 'json' ? await makeDigest(new Secret(describeInputs(release)), 'plan') : '';
  const saved = savePlan(release, prepared.facts, prepared.plan, { inputs, clusterId: tools.cluster.id });
  if (out) await writeResult(context, 'the plan', out, saved);
  const shown = {
    changes: prepared.plan.changes,
    title: `${release.stack}, release ${release.id}`,
    drift: saved.drift,
    obstacles: saved.obstacles,
  };
  const warnings = [...release.warnings, ...listWarnings(release.findings).map(renderGroup)];
  if (format === 'json') context.print(saved);
  else if (format === 'markdown') context.print(renderMarkdown(shown, warnings));
  else context.print(renderPlan(shown), { tint: tintPlan });

  await timed(log, 'check before any change', async () => {
    await prepared.check();
    requireFeasible(prepared.plan, true);
  });
  const changed = !isEmpty(prepared.plan.changes);
  const { digests } = prepared.plan;
  const result = { release: '', id: release.id, changed, digests, url: '', summary: renderMarkdown(shown) };
  log.info(result, changed ? 'a deploy would change this' : 'a deploy would change nothing');
  return { hasChanges: changed };
}
