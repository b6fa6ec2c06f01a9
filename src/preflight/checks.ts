import { settleAll } from '../shared/settle-all.ts';
import { builderReady } from './builder-ready.ts';
import type { Check, CheckContext } from './check.ts';
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
export async function runChecks(context: CheckContext): Promise<void> {
  await settleAll(
    checks.map((check) => check.run(context)),
    'PREFLIGHT_FAILED',
  );
}
