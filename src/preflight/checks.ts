import { DeployError } from '../shared/errors.ts';
import { builderReady } from './builder-ready.ts';
import type { Check, CheckScene } from './check.ts';
import { registryLogin } from './registry-login.ts';
import { storageShared } from './storage-shared.ts';

export const checks: readonly Check[] = [builderReady, registryLogin, storageShared];

/** All at once; one failure is thrown as it is, several are told together. */
export async function runChecks(scene: CheckScene): Promise<void> {
  const results = await Promise.allSettled(checks.map((check) => check.run(scene)));
  const failures = results.filter((result) => result.status === 'rejected').map(({ reason }) => reason);
  if (failures.length === 0) return;
  const bug = failures.find((failure) => !(failure instanceof DeployError));
  if (failures.length === 1 || bug) throw bug ?? failures[0];
  throw new DeployError('PREFLIGHT_FAILED', `${failures.length} checks failed; nothing was changed`, {
    details: (failures as DeployError[]).flatMap(({ message, details, hint }) => [
      message,
      ...details.map((line) => `  ${line}`),
      ...(hint ? [`  ${hint}`] : []),
    ]),
  });
}
