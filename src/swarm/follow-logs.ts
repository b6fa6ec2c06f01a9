import type { Log } from '../shared/log.ts';
import type { Mask } from '../shared/mask.ts';
import type { Swarm } from '../shared/swarm.ts';
import type { Look } from './look.ts';

/** More than that is for `docker service logs`. */
const MOST_LINES = 5_000;

/** Prints what the tasks of services say, each line once. To be called with each look at them. */
export function followLogs(swarm: Swarm, log: Log, mask: Mask): (looks: readonly Look[]) => Promise<void> {
  const printed = new Map<string, number>();
  return async (looks) => {
    for (const { service, tasks } of looks)
      for (const { id } of tasks.filter(({ nodeId }) => nodeId !== '')) {
        // A task that has not begun, or a node that is gone, has no log to read.
        const lines = await swarm.readTaskLog(id, MOST_LINES).catch(() => []);
        for (const line of lines.slice(printed.get(id) ?? 0)) log.info(`${service.name} | ${mask(line)}`);
        printed.set(id, Math.max(lines.length, printed.get(id) ?? 0));
      }
  };
}
