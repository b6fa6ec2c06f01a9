import { ConnectionLost } from '../shared/errors.ts';
import type { LogLine, LogSource, LogWish, SwarmService } from '../shared/swarm.ts';
import type { Tools } from '../shared/tools.ts';

/** The log of all tasks of a service. */
export const logOf = ({ id, spec }: SwarmService): LogSource => ({
  kind: 'service',
  id,
  isTerminal: spec.TaskTemplate?.ContainerSpec?.TTY === true,
});

/** Gives each line once, until the signal; goes on where it was when the connection, or the manager, is lost. */
export async function followLog(
  { swarm, log, signal }: Pick<Tools, 'swarm' | 'log' | 'signal'>,
  source: LogSource,
  first: LogWish,
  show: (line: LogLine) => Promise<void> | void,
): Promise<void> {
  let wish = first;
  let last = '';
  while (!signal.aborted) {
    try {
      for await (const line of swarm.streamLog(source, wish, signal)) {
        if (line.time <= last) continue;
        await show(line);
        last = line.time;
      }
      return;
    } catch (error) {
      if (!(error instanceof ConnectionLost)) throw error;
      log.warn('the connection was lost: the log is asked for again');
      if (last) wish = { ...first, since: Math.floor(Date.parse(last) / 1000), tail: 'all' };
    }
  }
}
