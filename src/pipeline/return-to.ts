import { findVersion } from '../plan/records/find-version.ts';
import { DeployError, messageOf } from '../shared/errors.ts';
import type { SwarmRecord } from '../shared/swarm.ts';
import type { Snapshot } from '../swarm/plan-restore.ts';
import { putBack } from './put-back.ts';
import type { Restoring } from './step.ts';
import { requireHealthBefore } from './steps/check-health.ts';

export interface Return {
  readonly before: Snapshot;
  /** The history up to then: it says which version has to answer. */
  readonly records: readonly SwarmRecord[];
  /** For so long the stack has to stay as it was, see end-remote-deploys.ts. */
  readonly quietMs: number;
}

/** Puts the stack back, and sees that it answers as it did. Throws RESTORE_UNHEALTHY when it is back and does not. */
export async function returnTo(acting: Restoring, { before, records, quietMs }: Return): Promise<void> {
  const { log } = acting.tools;
  if (!(await putBack(acting, before, quietMs).catch(asRestoring))) return log.info('nothing had changed');
  if (before.services.length === 0) return log.info('the stack is gone, as it was');
  log.info('the stack is back as it was');
  try {
    await requireHealthBefore(acting, findVersion(records, before.services));
  } catch (error) {
    const { details = [], hint = undefined } = error instanceof DeployError ? error : {};
    const what = `the stack is back as it was, but is not healthy: ${messageOf(error)}`;
    throw new DeployError('RESTORE_UNHEALTHY', what, {
      details,
      ...(hint !== undefined && { hint }),
      cause: error,
    });
  }
}

/** Why ever the stack is not back: the code says that it is not, and not what would be said of a deploy. */
function asRestoring(error: unknown): never {
  if (!(error instanceof DeployError) || ['RESTORE_FAILED', 'LOCK_LOST'].includes(error.code)) throw error;
  const { message, details, hint } = error;
  throw new DeployError('RESTORE_FAILED', `the stack could not be put back: ${message}`, {
    details,
    ...(hint !== undefined && { hint }),
    cause: error,
  });
}
