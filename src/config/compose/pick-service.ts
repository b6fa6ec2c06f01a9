import { isMap } from '../../shared/is-map.ts';
import type { PlainMap } from '../merge-rules.ts';
import type { Problem } from '../problem.ts';
import { readExtends } from './read-include.ts';

/** A service and those of its file that it extends; without such a service, the names of those that there are. */
export function pickService({ services }: PlainMap, name: string): PlainMap {
  if (!isMap(services)) return {};
  if (!Object.hasOwn(services, name))
    return { services: Object.fromEntries(Object.keys(services).map((one) => [one, {}])) };
  const picked = new Set<string>();
  for (let next: string | undefined = name; next !== undefined && !picked.has(next); ) {
    picked.add(next);
    next = extendedHere(services[next]);
  }
  return { services: Object.fromEntries(Object.entries(services).filter(([one]) => picked.has(one))) };
}

function extendedHere(service: unknown): string | undefined {
  if (!isMap(service) || service.extends === undefined) return undefined;
  const target = readExtends(service.extends);
  return 'wrong' in target || target.file !== undefined ? undefined : target.service;
}

/** Whether a problem is about one of the services, or about the file as a whole or an anchor of it. */
export function isWithin({ path = [] }: Problem, { services }: PlainMap): boolean {
  const [section = 'x-', name = ''] = path.map(String);
  const isPicked = isMap(services) && Object.hasOwn(services, name);
  return section.startsWith('x-') || (section === 'services' && isPicked);
}
