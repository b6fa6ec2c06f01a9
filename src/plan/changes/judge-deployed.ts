import type { SwarmNetwork } from '../../shared/network.ts';
import type { ServiceSpec } from '../../shared/service-spec.ts';
import type { SwarmService } from '../../shared/swarm.ts';
import type { Templates } from '../spec/templates.ts';
import { describeSpec } from './describe-spec.ts';
import { diff, withNames } from './plan-service.ts';

/** Engines older than API 1.44 and 1.46 take these and keep nothing of them. */
const NOT_KEPT = new Set(['healthcheck start interval', 'oom score adj']);

/** For the names of fields. */
export interface FieldNames {
  readonly networks: readonly SwarmNetwork[];
  readonly templates: Templates;
}

/**
 * Where the cluster is not as planned after a change, a line for each service, with the names of its fields and none of
 * their values. What Swarm has rolled back by then is judged as a rollout.
 */
export function judgeDeployed(
  planned: readonly ServiceSpec[],
  live: readonly SwarmService[],
  { networks, templates }: FieldNames,
): readonly string[] {
  const names = new Map(networks.map(({ id, name }) => [id, name]));
  return planned.flatMap((spec) => {
    const service = live.find(({ name }) => name === spec.Name);
    if (!service) return [`${spec.Name} does not exist`];
    if (service.update?.state.startsWith('rollback')) return [];
    const [now, wanted] = [
      describeSpec(withNames(service.spec, names), templates),
      describeSpec(spec, templates),
    ];
    const others = diff(now, wanted).filter((field) => now.has(field) || !NOT_KEPT.has(field));
    if (others.length === 0) return [];
    const shown = others.flatMap((field) => (wanted.get(field) ?? now.get(field))?.shown.name ?? []);
    return [`${spec.Name} differs from the plan: ${shown.join(', ')}`];
  });
}

/** Those that the stack file leaves out, and that are still there. */
export function judgePruned(
  planned: readonly ServiceSpec[],
  live: readonly SwarmService[],
): readonly string[] {
  const wanted = new Set(planned.map(({ Name }) => Name));
  return live
    .filter(({ name }) => !wanted.has(name))
    .map(({ name }) => `${name} still exists, and is not in the stack file`);
}
