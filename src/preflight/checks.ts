import { allOf } from '../shared/all-of.ts';
import { builderReady } from './builder-ready.ts';
import type { Check, CheckScene } from './check.ts';
import { programsFound } from './programs-found.ts';
import { registryLogin } from './registry-login.ts';
import { stackReadable } from './stack-readable.ts';
import { storageShared } from './storage-shared.ts';
import { treeCommitted } from './tree-committed.ts';

export const checks: readonly Check[] = [
  treeCommitted,
  builderReady,
  programsFound,
  registryLogin,
  stackReadable,
  storageShared,
];

/** All at once, so that one run tells everything that is wrong. */
export async function runChecks(scene: CheckScene): Promise<void> {
  await allOf(
    checks.map((check) => check.run(scene)),
    'PREFLIGHT_FAILED',
  );
}
