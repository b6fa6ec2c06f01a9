import type { SwarmNetwork } from '../../shared/network.ts';
import type { ServiceSpec } from '../../shared/service-spec.ts';

/** Those of which no network has the name any more. */
export function findGone<Network extends SwarmNetwork>(
  recorded: readonly Network[],
  live: readonly SwarmNetwork[],
): readonly Network[] {
  const names = new Set(live.map(({ name }) => name));
  return recorded.filter(({ name }) => !names.has(name));
}

/** Ids of the networks that a service is on. */
export const targetsOf = ({ TaskTemplate }: ServiceSpec): readonly string[] =>
  (TaskTemplate?.Networks ?? []).flatMap(({ Target }) => Target ?? []);

/** The specs with the ids that networks of these names have now: one that was made anew has another. */
export function renewNetworks(
  specs: readonly ServiceSpec[],
  recorded: readonly SwarmNetwork[],
  live: readonly SwarmNetwork[],
): readonly ServiceSpec[] {
  const ids = new Map(live.map(({ id, name }) => [name, id]));
  const there = new Set(ids.values());
  const renewed = new Map(recorded.map(({ id, name }) => [id, there.has(id) ? id : (ids.get(name) ?? id)]));
  return specs.map((spec) => {
    const { Networks } = spec.TaskTemplate ?? {};
    if (!Networks) return spec;
    const named = Networks.map((one) => ({ ...one, Target: renewed.get(one.Target ?? '') ?? one.Target }));
    return { ...spec, TaskTemplate: { ...spec.TaskTemplate, Networks: named } } as ServiceSpec;
  });
}
