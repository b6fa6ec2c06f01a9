import type { ServiceSpec } from '../../shared/service-spec.ts';

/** `Replicated`, `Global` and the like: what Docker lets nobody change of a service that exists. */
export const modeOf = ({ Mode = {} }: ServiceSpec): string => Object.keys(Mode)[0] ?? 'Replicated';
