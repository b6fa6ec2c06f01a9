import type { Log } from '../shared/log.ts';
import type { Swarm, SwarmService } from '../shared/swarm.ts';
import { TimeLimit } from '../shared/time-limit.ts';
import { logOf } from './follow-log.ts';
import type { PollResult } from './poll-result.ts';
import { ShownLines } from './shown-lines.ts';
import { LOG_MS } from './stream-log.ts';

/** Prints what the tasks of services say, each line once. To be called with each look at them. */
export function followLogs(swarm: Swarm, log: Log): (looks: readonly PollResult[]) => Promise<void> {
  const printed = new Map<string, ShownLines>();
  const printNew = async (service: SwarmService, id: string) => {
    const shown = printed.get(id) ?? new ShownLines();
    printed.set(id, shown);
    // Docker takes whole seconds: some lines come again.
    const since = shown.restart();
    const source = { ...logOf(service), kind: 'task', id } as const;
    const wish = { follow: false, since, tail: 'all' } as const;
    using limit = new TimeLimit(LOG_MS);
    for await (const line of swarm.streamLog(source, wish, limit.signal))
      if (shown.isNew(line) && line.text.trim() !== '') log.info(`${service.name} | ${line.text}`);
  };
  return async (looks) => {
    // A task that has not begun, or a node that is gone, has no log to read.
    for (const { service, tasks } of looks)
      for (const { id } of tasks.filter(({ nodeId }) => nodeId !== ''))
        await printNew(service, id).catch(() => {});
  };
}
