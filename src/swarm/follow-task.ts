import { setTimeout as sleep } from 'node:timers/promises';
import { DeployError } from '../shared/errors.ts';
import { retryForMinute } from '../shared/retry-for-minute.ts';
import type { LogLine, LogSource } from '../shared/service-log.ts';
import type { SwarmTask } from '../shared/swarm.ts';
import { TimeLimit } from '../shared/time-limit.ts';
import type { Tools } from '../shared/tools.ts';
import { followLog } from './follow-log.ts';
import { ShownLines } from './shown-lines.ts';
import { LOG_MS } from './stream-log.ts';

export interface FollowedTask {
  readonly stack: string;
  /** The service that it is the only task of. */
  readonly source: LogSource;
  /** The longest time until it starts. */
  readonly progressMs: number;
  show(line: LogLine): void;
}

const POLL_MS = 200;
const OVER = ['complete', 'failed', 'rejected', 'shutdown', 'orphaned', 'remove'];

/** It has ended, well or not. */
export const isOver = ({ state }: SwarmTask) => OVER.includes(state);

/** Gives the task once it is over, when each line that it said has been shown. */
export async function followTask(tools: Tools, followed: FollowedTask): Promise<SwarmTask> {
  const { swarm, log, signal } = tools;
  const { source, show } = followed;
  const shown = new ShownLines();
  const showOnce = (line: LogLine) => {
    if (shown.isNew(line)) show(line);
  };
  const over = new AbortController();
  const all = { since: 0, tail: 'all' } as const;
  using until = new TimeLimit(Number.POSITIVE_INFINITY, signal, over.signal);
  const saying = followLog({ ...tools, signal: until.signal }, source, { ...all, follow: true }, showOnce);
  saying.catch(() => {}); // told below, once the task is over
  const task = await awaitEnd(tools, followed).finally(() => over.abort());
  await saying;
  // What was said in the end may not have come through yet.
  using limit = new TimeLimit(LOG_MS, signal);
  shown.restart();
  for await (const line of swarm.streamLog(source, { ...all, follow: false }, limit.signal)) showOnce(line);
  if (limit.isOver) log.warn('the log of the task ended early: lines may be missing');
  return task;
}

async function awaitEnd(
  { swarm, log, signal }: Tools,
  { stack, source, progressMs }: FollowedTask,
): Promise<SwarmTask> {
  const deadline = performance.now() + progressMs;
  const onFirstFailure = () => log.warn('the manager does not answer: it is asked again');
  for (;;) {
    const tasks = await retryForMinute(() => swarm.readTasks(stack), { onFirstFailure, signal });
    const task = tasks.find(({ serviceId }) => serviceId === source.id);
    if (task && isOver(task)) return task;
    if (task?.state !== 'running' && performance.now() > deadline)
      throw new DeployError('NOT_CONVERGED', `the task did not begin within ${progressMs / 1000} s`, {
        details: [task ? `${task.state}: ${task.error || task.message}` : 'Swarm made no task'],
        hint: 'nothing is left of it; raise PROGRESS_DEADLINE if it needs longer',
      });
    await sleep(POLL_MS, undefined, { signal });
  }
}
