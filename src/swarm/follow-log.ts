import { ConnectionLost } from '../shared/errors.ts';
import type { LogLine, LogOptions, LogSource } from '../shared/service-log.ts';
import type { SwarmService } from '../shared/swarm.ts';
import type { Tools } from '../shared/tools.ts';
import { ShownLines } from './shown-lines.ts';

/** The log of all tasks of a service. */
export const logOf = ({ id, spec }: SwarmService): LogSource => ({
  kind: 'service',
  id,
  isTerminal: spec.TaskTemplate?.ContainerSpec?.TTY === true,
});

/** Shows each line once, until the signal; continues at its position after a lost connection or manager. */
export async function followLog(
  { swarm, log, signal }: Pick<Tools, 'swarm' | 'log' | 'signal'>,
  source: LogSource,
  first: LogOptions,
  show: (line: LogLine) => Promise<void> | void,
): Promise<void> {
  const shown = new ShownLines();
  let wish = first;
  while (!signal.aborted) {
    try {
      for await (const line of swarm.streamLog(source, wish, signal, log.warn))
        if (shown.isNew(line)) await show(line);
      return;
    } catch (error) {
      if (!(error instanceof ConnectionLost)) throw error;
      log.warn('lost the connection: reading the log again');
      const since = shown.restart();
      if (since > 0) wish = { ...first, since, tail: 'all' };
    }
  }
}
