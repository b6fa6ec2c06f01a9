import { describeStorage } from '../plan/plan-storage.ts';
import type { Release } from '../plan/release.ts';
import { renderRelease } from '../plan/render-plan.ts';
import type { Log } from '../shared/log.ts';
import type { Step } from './step.ts';

/** The whole plan, the storage backend first. */
export function showPlan(log: Log, release: Release, steps: readonly Step[]): void {
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
