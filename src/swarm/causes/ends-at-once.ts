import type { Cause } from './cause.ts';

/** The last to be asked: something else may say more. */
export const endsAtOnce: Cause = {
  name: 'ends at once',
  explain({ task: { state, exitCode }, log }) {
    if (state === 'complete')
      return 'it ends well and is begun again: restart_policy: { condition: none } or mode: replicated-job for what runs once';
    if (!exitCode) return undefined;
    return log.length > 0
      ? 'its program ends with an error: its last lines tell why'
      : 'its program ends with an error and prints nothing: run its image with `docker run` to see why';
  },
};
