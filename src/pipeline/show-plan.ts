import type { DeploymentPlan } from '../plan/changes/deployment-plan.ts';
import { renderPlan } from '../plan/changes/render-plan.ts';
import { describeStorage } from '../plan/release/plan-storage.ts';
import type { Release } from '../plan/release/release.ts';
import { renderRelease } from '../plan/render/render-release.ts';
import type { Log } from '../shared/log.ts';
import type { Step } from './step.ts';

/** What is known without asking anybody, the storage backend first. */
export function showRelease(log: Log, release: Release, steps: readonly Step[]): void {
  if (release.storage) log.info(`storage: ${describeStorage(release.storage)}`);
  for (const warning of release.warnings) log.warn(warning);
  for (const line of renderRelease(release)) log.info(line);
  log.info('steps');
  for (const step of steps) {
    const lines = step.describe(release);
    if (lines.length > 0) log.info(`  ${step.name}`);
    for (const line of lines) log.info(`    ${line}`);
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
