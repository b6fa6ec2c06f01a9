import { setTimeout as sleep } from 'node:timers/promises';
import { retryForMinute } from '../shared/retry-for-minute.ts';
import { settleAll } from '../shared/settle-all.ts';
import type { Swarm } from '../shared/swarm.ts';
import { isOver } from './follow-task.ts';

const LOOK_MS = 200;

export interface RemoveServicesOptions {
  readonly swarm: Swarm;
  readonly stack: string;
  readonly signal: AbortSignal;
  /** The longest wait for tasks that do not end. */
  readonly timeoutMs: number;
}

/**
 * Removes services and waits until their tasks have ended: what takes their place may want their ports, or a volume or a
 * migration for itself alone.
 */
export async function removeServices(
  { swarm, stack, signal, timeoutMs }: RemoveServicesOptions,
  ids: readonly string[],
): Promise<void> {
  await settleAll(
    ids.map((id) => swarm.removeService(id)),
    'DEPLOY_FAILED',
  );
  const look = () => retryForMinute(() => areGone(swarm, stack, ids), { onFirstFailure: () => {}, signal });
  const end = performance.now() + timeoutMs;
  while (!(await look()) && performance.now() < end) await sleep(LOOK_MS, undefined, { signal });
}

/** But for tasks that have no node, so have not begun, and those of a node that is down, which says of none that it has ended. */
async function areGone(swarm: Swarm, stack: string, ids: readonly string[]): Promise<boolean> {
  const [tasks, nodes] = await Promise.all([swarm.readTasks(stack), swarm.readNodes()]);
  const alive = new Set(nodes.filter(({ state }) => state !== 'down').map(({ id }) => id));
  return !tasks.some((task) => ids.includes(task.serviceId) && !isOver(task) && alive.has(task.nodeId));
}
