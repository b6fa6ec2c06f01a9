import type { ServiceSpec } from '../../shared/service-spec.ts';
import type { ObjectKind } from '../release/release.ts';

/** What a spec says of a secret or config that its service uses. */
export interface Reference {
  readonly kind: ObjectKind;
  readonly id: string;
  readonly name: string;
}

export function listReferences({ TaskTemplate }: ServiceSpec): readonly Reference[] {
  const { Secrets = [], Configs = [] } = TaskTemplate?.ContainerSpec ?? {};
  return [
    ...Secrets.map(({ SecretID: id = '', SecretName: name = '' }) => ({ kind: 'secret', id, name }) as const),
    ...Configs.map(({ ConfigID: id = '', ConfigName: name = '' }) => ({ kind: 'config', id, name }) as const),
  ];
}

/** The spec with other references; where they are mounted, and everything else, stays. */
export function mapReferences(spec: ServiceSpec, change: (reference: Reference) => Reference): ServiceSpec {
  if (listReferences(spec).length === 0) return spec;
  const { TaskTemplate = {} } = spec;
  const { Secrets, Configs } = TaskTemplate.ContainerSpec ?? {};
  const ContainerSpec = {
    ...TaskTemplate.ContainerSpec,
    ...(Secrets && {
      Secrets: Secrets.map((one) => {
        const { id, name } = change({ kind: 'secret', id: one.SecretID ?? '', name: one.SecretName ?? '' });
        return { ...one, SecretID: id, SecretName: name };
      }),
    }),
    ...(Configs && {
      Configs: Configs.map((one) => {
        const { id, name } = change({ kind: 'config', id: one.ConfigID ?? '', name: one.ConfigName ?? '' });
        return { ...one, ConfigID: id, ConfigName: name };
      }),
    }),
  };
  return { ...spec, TaskTemplate: { ...TaskTemplate, ContainerSpec } };
}
