import { isMap } from './is-map.ts';

/** Every text in plain data, changed; names of fields stay. */
export function mapTexts<T>(value: T, change: (text: string) => string): T {
  const mapped = (one: unknown): unknown => {
    if (typeof one === 'string') return change(one);
    if (Array.isArray(one)) return one.map(mapped);
    if (!isMap(one)) return one;
    return Object.fromEntries(Object.entries(one).map(([key, entry]) => [key, mapped(entry)]));
  };
  return mapped(value) as T;
}
