import { isMap } from '../../shared/is-map.ts';
import type { Lookup } from '../interpolate.ts';
import type { PlainMap } from '../merge-rules.ts';
import { mapPairs } from '../pairs.ts';

/** Gives variables that services only name (`environment: [TZ]`) the values that hold in an included file alone. */
export function nameVariables(document: PlainMap, lookup: Lookup): PlainMap {
  if (!isMap(document.services)) return document;
  const services = Object.entries(document.services).map(([name, service]) => {
    if (!isMap(service) || service.environment === undefined || service.environment === null)
      return [name, service];
    const entries = Object.entries(mapPairs(service.environment)).map(([variable, value]) => [
      variable,
      value ?? lookup(variable) ?? null,
    ]);
    return [name, { ...service, environment: Object.fromEntries(entries) }];
  });
  return { ...document, services: Object.fromEntries(services) };
}
