import { isMap } from '../shared/is-map.ts';

/** What compose lets be written as a map, or as a list of NAME=value: environments, labels, options, build args. */
export type Pairs = Readonly<Record<string, string | number | null>> | readonly string[];

/** As a map; a name without a value has null. */
export function mapPairs(pairs: unknown): Readonly<Record<string, unknown>> {
  if (isMap(pairs)) return pairs;
  const entries = (Array.isArray(pairs) ? pairs : []).map((entry) => {
    const [, name = '', value] = /^([^=]*)(?:=([\s\S]*))?$/.exec(String(entry)) ?? [];
    return [name, value ?? null];
  });
  return Object.fromEntries(entries);
}

/** As Docker's client reads labels and options: what has no value is empty. */
export function readPairs(pairs: Pairs | undefined): Readonly<Record<string, string>> {
  const entries = Object.entries(mapPairs(pairs)).map(([name, value]) => [name, String(value ?? '')]);
  return Object.fromEntries(entries);
}
