import { readPairs } from '../../config/pairs.ts';
import type { StackAttachment, StackDocument, StackService } from '../../config/stack-document.ts';
import { isMap } from '../../shared/is-map.ts';
import type { PortSpec } from '../../shared/service-spec.ts';
import { scopedName } from './scoped-name.ts';

/** Networks of a node itself, which have no names for services. */
const BUILT_IN = ['bridge', 'host', 'none', 'default'];

/** Attachments by name, sorted as Docker's client sorts them. */
export function planNetworks(stack: string, document: StackDocument, service: StackService, name: string) {
  const attached: Readonly<Record<string, StackAttachment | null>> = isMap(service.networks)
    ? service.networks
    : {};
  return networkKeys(service)
    .map((key) => {
      const { aliases = [], driver_opts } = attached[key] ?? {};
      const Target = scopedName(stack, document.networks?.[key], key);
      return {
        Target,
        Aliases: BUILT_IN.includes(Target) ? [...aliases] : [...aliases, name],
        DriverOpts: readPairs(driver_opts),
      };
    })
    .sort((a, b) => (a.Target < b.Target ? -1 : 1));
}

/** The keys of the networks that a service is on; one that names none is on `default`. */
export function networkKeys({ networks }: StackService): readonly string[] {
  const keys = Array.isArray(networks) ? networks : Object.keys(networks ?? {});
  return keys.length > 0 ? keys : ['default'];
}

export function planPorts(ports: StackService['ports'] = []): readonly PortSpec[] {
  return ports
    .map((port) => ({
      Protocol: port.protocol ?? 'tcp',
      TargetPort: port.target ?? 0,
      PublishedPort: port.published ?? 0,
      PublishMode: port.mode ?? 'ingress',
    }))
    .sort((a, b) => a.PublishedPort - b.PublishedPort || a.TargetPort - b.TargetPort);
}
