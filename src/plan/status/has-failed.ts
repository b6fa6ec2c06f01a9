import type { SwarmTask } from '../../shared/swarm.ts';

/** A task that was stopped, and whose network its engine had removed by then, is reported as failed, too. */
const WAS_STOPPED = /^error while removing network/;

export const hasFailed = ({ state, error }: SwarmTask): boolean =>
  ['failed', 'rejected'].includes(state) && !WAS_STOPPED.test(error);
