import { isDeepStrictEqual } from 'node:util';
import { hasFailed } from '../plan/status/has-failed.ts';
import type { ServiceSpec } from '../shared/service-spec.ts';
import type { SwarmService, SwarmTask } from '../shared/swarm.ts';

/**
 * Gives the tasks of a service with those that ended during this watch and that Swarm has forgotten since: it keeps as
 * few as `docker swarm update --task-history-limit` says. What ended with another spec does not count. Called with each look.
 */
export function endedTaskMemory(): (
  service: SwarmService,
  tasks: readonly SwarmTask[],
) => readonly SwarmTask[] {
  const seen = new Map<string, { readonly spec: ServiceSpec; readonly ended: readonly SwarmTask[] }>();
  return ({ id, spec }, tasks) => {
    const last = seen.get(id);
    const remembered = last && isDeepStrictEqual(last.spec, spec) ? last.ended : [];
    const listed = new Set(tasks.map((task) => task.id));
    const all = [...tasks, ...remembered.filter((task) => !listed.has(task.id))];
    seen.set(id, { spec, ended: all.filter((task) => hasFailed(task) || task.state === 'complete') });
    return all;
  };
}
