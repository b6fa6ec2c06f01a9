import { DeployError, type FailureCode } from '../shared/errors.ts';
import type { Verdict } from './judge-service.ts';
import type { Snapshot } from './plan-restore.ts';
import type { PollResult } from './poll-result.ts';

const FAILED: Readonly<Partial<Record<Verdict['kind'], string>>> = {
  'rolled-back': 'Swarm rolled it back',
  paused: 'Swarm paused its update',
  failed: 'it will not come up',
};

/** The services that will not get there by waiting, and why. */
function findFailures(looks: readonly PollResult[]): readonly string[] {
  return looks.flatMap(({ service, verdict }) => {
    const what = FAILED[verdict.kind];
    return what && 'reason' in verdict ? [`${service.name}: ${what}: ${verdict.reason}`] : [];
  });
}

/** It runs as many tasks of its recorded spec as before: a restore cannot do more. */
export function isBack({ service, verdict }: PollResult, before: Snapshot): boolean {
  const ran = before.running.get(service.name) ?? 0;
  // What did not come up before the deploy need not after it.
  if (verdict.kind === 'failed') return ran === 0;
  if (verdict.kind === 'waiting') return ran < verdict.wanted && verdict.running >= ran;
  return verdict.kind === 'converged';
}

/** The services that there are, are those of these names. */
export function isSameSet(looks: readonly PollResult[], names: readonly string[]): boolean {
  return looks.length === names.length && looks.every(({ service }) => names.includes(service.name));
}

/** Throws, with the given code, when waiting will not help. */
export function requireRecoverable(looks: readonly PollResult[], code: FailureCode): void {
  const failures = findFailures(looks);
  if (failures.length > 0) throw new DeployError(code, failures.join('; '));
}
