import type { Cause } from './cause.ts';

const TODO = 'run its test in a container of the image, or give it a longer start_period';

/** Swarm stops a task that is not healthy. One that then ends well, on SIGTERM, looks as if it had finished. */
export const unhealthy: Cause = {
  name: 'unhealthy',
  explain({ task: { error, state }, spec }) {
    if (/unhealthy container/.test(error)) return `its healthcheck does not pass: ${TODO}`;
    const { Test: [kind] = [] } = spec.TaskTemplate?.ContainerSpec?.Healthcheck ?? {};
    const isChecked = kind !== undefined && kind !== 'NONE';
    return state === 'complete' && isChecked
      ? `its healthcheck does not pass, most likely, for which Swarm stops it: ${TODO}`
      : undefined;
  },
};
