import type { DeploymentPlan } from '../plan/changes/deployment-plan.ts';
import { renderPlan } from '../plan/changes/render-plan.ts';
import { describeStorage } from '../plan/release/plan-storage.ts';
import type { Release } from '../plan/release/release.ts';
import { renderHeading, renderRelease } from '../plan/render/render-release.ts';
import type { Log } from '../shared/log.ts';
import type { Step } from './step.ts';

/** What is known without asking anybody, the storage backend first. A deploy shows the difference instead of it all. */
export function showRelease(log: Log, release: Release, steps: readonly Step[], isWhole: boolean): void {
  const say = isWhole ? log.info : log.debug;
  if (release.storage) log.info(`storage: ${describeStorage(release.storage)}`);
  log.info(renderHeading(release));
  for (const warning of release.warnings) log.warn(warning);
  for (const line of renderRelease(release)) say(line);
  say('steps');
  for (const step of steps) {
    const lines = step.describe(release);
    if (lines.length > 0) say(`  ${step.name}`);
    for (const line of lines) say(`    ${line}`);
  }
}

/** What will change in the cluster; gives the lines. */
export function showChanges(log: Log, { changes }: DeploymentPlan): readonly string[] {
  const lines = renderPlan({ title: 'changes', changes, drift: [], obstacles: [] })
    .split('\n')
    .slice(2)
    .filter(Boolean);
  for (const line of lines) log.info(line);
  return lines;
}
