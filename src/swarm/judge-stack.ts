import { DeployError } from '../shared/errors.ts';
import type { Look } from './await-stack.ts';
import type { Verdict } from './judge-service.ts';
import type { Snapshot } from './plan-restore.ts';

const FAILED: Readonly<Partial<Record<Verdict['kind'], string>>> = {
  'rolled-back': 'Swarm rolled it back',
  paused: 'Swarm paused its update',
  'crash-loop': 'it does not stay up',
};

/** The services that will not get there by waiting, and why. */
export function findFailures(looks: readonly Look[]): readonly string[] {
  return looks.flatMap(({ service, verdict }) => {
    const what = FAILED[verdict.kind];
    return what && 'reason' in verdict ? [`${service.name}: ${what}: ${verdict.reason}`] : [];
  });
}

/** Every service that was there runs as many tasks of its old spec as it did, and no other service is left. */
export function isRestored(looks: readonly Look[], before: Snapshot): boolean {
  const failures = findFailures(looks);
  if (failures.length > 0) throw new DeployError('RESTORE_FAILED', failures.join('; '));
  return (
    looks.length === before.services.length &&
    looks.every(({ service, verdict }) => {
      const ran = before.running.get(service.name) ?? 0;
      return (
        verdict.kind === 'converged' ||
        (verdict.kind === 'waiting' && ran < verdict.wanted && verdict.running >= ran)
      );
    })
  );
}
