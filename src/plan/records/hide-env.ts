import type { ServiceSpec } from '../../shared/service-spec.ts';
import type { ReleaseRecord } from './release-record.ts';

/** As it may be printed: whoever may read the values of the environment reads them in the cluster. A plan shows none either. */
export function hideEnv(release: ReleaseRecord): ReleaseRecord {
  return { ...release, services: release.services.map(hideIn) };
}

function hideIn(spec: ServiceSpec): ServiceSpec {
  const { Env } = spec.TaskTemplate?.ContainerSpec ?? {};
  if (!Env) return spec;
  const hidden = Env.map((line) => line.replace(/=[\s\S]*/, '=(not shown)'));
  const ContainerSpec = { ...spec.TaskTemplate?.ContainerSpec, Env: hidden };
  return { ...spec, TaskTemplate: { ...spec.TaskTemplate, ContainerSpec } } as ServiceSpec;
}
