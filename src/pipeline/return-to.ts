import { DeployError, messageOf } from '../shared/errors.ts';
import type { Snapshot } from '../swarm/plan-restore.ts';
import { putBack } from './put-back.ts';
import type { Restoring } from './step.ts';
import { requireHealthBefore } from './steps/check-health.ts';

/**
 * Puts the stack back, and sees that it answers as it did. Throws RESTORE_UNHEALTHY when it is back and does not.
 * `quietMs`: for so long it has to stay as it was, see end-remote-deploys.ts.
 */
export async function returnTo(acting: Restoring, before: Snapshot, quietMs: number): Promise<void> {
  const { log } = acting.tools;
  if (!(await putBack(acting, before, quietMs))) return log.info('nothing had changed');
  if (before.services.length === 0) return log.info('the stack is gone, as it was');
  log.info('the stack is back as it was');
  await requireHealthBefore(acting).catch((error) => {
    throw new DeployError('RESTORE_UNHEALTHY', messageOf(error), { cause: error });
  });
}
