import type { ServiceSpec } from '../../shared/service-spec.ts';
import type { Cause } from './cause.ts';

const TODO = 'run its test in a container of the image, or give it a longer start_period';

/** Swarm stops a task that is not healthy. One that then ends well, on SIGTERM, looks as if it had finished. */
export const unhealthy: Cause = {
  name: 'unhealthy',
  explain({ task: { error, state }, spec }) {
    if (/unhealthy container/.test(error)) return `its healthcheck does not pass: ${TODO}`;
    if (!isChecked(spec)) return undefined;
    if (state === 'starting') return `its healthcheck has not passed yet: ${TODO}`;
    return state === 'complete'
      ? `its healthcheck does not pass, most likely, for which Swarm stops it: ${TODO}`
      : undefined;
  },
};

/** By its spec; its image may have a health check, too. */
export function isChecked({ TaskTemplate }: ServiceSpec): boolean {
  const [kind = 'NONE'] = TaskTemplate?.ContainerSpec?.Healthcheck?.Test ?? [];
  return kind !== 'NONE';
}
