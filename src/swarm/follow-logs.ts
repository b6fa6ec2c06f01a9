import type { Log } from '../shared/log.ts';
import type { Swarm, SwarmService } from '../shared/swarm.ts';
import { TimeLimit } from '../shared/time-limit.ts';
import { logOf } from './follow-log.ts';
import type { Look } from './look.ts';
import { LOG_MS } from './stream-log.ts';

/** Prints what the tasks of services say, each line once. To be called with each look at them. */
export function followLogs(swarm: Swarm, log: Log): (looks: readonly Look[]) => Promise<void> {
  /** By task, the time of the line that was printed last. */
  const printed = new Map<string, string>();
  const printNew = async (service: SwarmService, id: string) => {
    const last = printed.get(id) ?? '';
    // Docker takes whole seconds: some lines come again.
    const since = last ? Math.floor(Date.parse(last) / 1000) : 0;
    const source = { ...logOf(service), kind: 'task', id } as const;
    const wish = { follow: false, since, tail: 'all' } as const;
    using limit = new TimeLimit(LOG_MS);
    for await (const { time, text } of swarm.streamLog(source, wish, limit.signal)) {
      if (time <= last) continue;
      if (text.trim() !== '') log.info(`${service.name} | ${text}`);
      // Two outputs of one task may come in another order than they were written.
      if (time > (printed.get(id) ?? '')) printed.set(id, time);
    }
  };
  return async (looks) => {
    // A task that has not begun, or a node that is gone, has no log to read.
    for (const { service, tasks } of looks)
      for (const { id } of tasks.filter(({ nodeId }) => nodeId !== ''))
        await printNew(service, id).catch(() => {});
  };
}
