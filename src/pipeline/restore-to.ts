import { findVersion } from '../plan/records/find-version.ts';
import { codeOf, DeployError, messageOf } from '../shared/errors.ts';
import type { SwarmRecord } from '../shared/swarm.ts';
import type { Snapshot } from '../swarm/plan-restore.ts';
import { awaitFree, ENDED_MS, endCommands } from './end-commands.ts';
import type { PendingCommand } from './pending-commands.ts';
import { restoreStack } from './restore-stack.ts';
import type { RestoreContext } from './step.ts';
import { requireHealthBefore } from './steps/check-health.ts';

export interface RestorePoint {
  readonly before: Snapshot;
  /** The history up to then: it says which version has to answer. */
  readonly records: readonly SwarmRecord[];
  /** The release that was being deployed. */
  readonly id: string;
  /** What it may have left running on managers. */
  readonly left: readonly PendingCommand[];
}

/** `most`: for so long, in ms, it waits for a manager that may still have a command. Puts the stack back, and sees that it answers as it did. Throws RESTORE_UNHEALTHY when it is back and does not. */
export async function restoreTo(acting: RestoreContext, back: RestorePoint, most?: number): Promise<void> {
  const { log } = acting.tools;
  const { before, records } = back;
  if (!(await putAllBack(acting, back, most).catch(asRestoring))) return log.info('nothing had changed');
  if (before.services.length === 0) return log.info('the stack is removed again: it did not exist before');
  log.info('the stack is restored');
  try {
    await requireHealthBefore(acting, findVersion(records, before.services));
  } catch (error) {
    // Nobody can say that it is bad: the failure of the deploy is what counts.
    if (codeOf(error) === 'HEALTH_UNKNOWN')
      return log.warn(`the health of the restored version is unknown: ${messageOf(error)}`);
    const { details = [], hint = undefined } = error instanceof DeployError ? error : {};
    const what = `the stack is restored, but not healthy: ${messageOf(error)}`;
    throw new DeployError('RESTORE_UNHEALTHY', what, {
      details,
      ...(hint !== undefined && { hint }),
      cause: error,
    });
  }
}

/**
 * A connection that drops, or a run that is killed, leaves its command running on the manager. The services come first;
 * but they are only said to be back once every such manager has been seen free of it, or its limit has passed.
 */
async function putAllBack(
  acting: RestoreContext,
  { before, id, left }: RestorePoint,
  most?: number,
): Promise<boolean> {
  const unseen = await endCommands(acting, { id, left });
  const isEvery = left.length > 0;
  const back = { isEvery, quietMs: isEvery ? ENDED_MS : 0 };
  const hasChanged = await restoreStack(acting, before, back);
  if (unseen.length === 0) return hasChanged;
  await awaitFree(acting, id, unseen, most);
  await restoreStack(acting, before, back);
  return true;
}

/** Why ever the stack is not back: the code says that it is not, and not what would be said of a deploy. */
function asRestoring(error: unknown): never {
  if (!(error instanceof DeployError) || ['RESTORE_FAILED', 'LOCK_LOST'].includes(error.code)) throw error;
  const { message, details, hint } = error;
  throw new DeployError('RESTORE_FAILED', `cannot restore the stack: ${message}`, {
    details,
    ...(hint !== undefined && { hint }),
    cause: error,
  });
}
