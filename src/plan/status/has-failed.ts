import type { SwarmTask } from '../../shared/swarm.ts';

const STOPPED = /^(error while removing network|starting container failed: context canceled)/;

/** Docker reports some tasks as failed that Swarm stopped: while they started, or after it had removed their network. */
export const wasStopped = ({ error }: SwarmTask): boolean => STOPPED.test(error);

export const hasFailed = (task: SwarmTask): boolean =>
  ['failed', 'rejected'].includes(task.state) && !wasStopped(task);
