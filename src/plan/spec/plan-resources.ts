import { parseSize } from '../../config/parse-units.ts';
import type { StackDeploy, StackResources } from '../../config/stack-document.ts';
import type { ResourceSpec } from '../../shared/service-spec.ts';

export function planResources(resources: StackDeploy['resources']): ResourceSpec {
  const { limits, reservations } = resources ?? {};
  return {
    ...(limits && { Limits: { ...planAmounts(limits), Pids: limits.pids ?? 0 } }),
    ...(reservations && {
      Reservations: { ...planAmounts(reservations), GenericResources: planGeneric(reservations) },
    }),
  };
}

function planAmounts({ cpus, memory }: StackResources) {
  return {
    NanoCPUs: cpus === undefined ? 0 : Math.round(Number(cpus) * 1e9),
    MemoryBytes: memory === undefined ? 0 : (parseSize(memory) ?? 0),
  };
}

function planGeneric({ generic_resources = [] }: StackResources) {
  return generic_resources.map(({ discrete_resource_spec: spec }) => ({
    DiscreteResourceSpec: { Kind: spec?.kind ?? '', Value: spec?.value ?? 0 },
  }));
}
