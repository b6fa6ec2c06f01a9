import { isMap } from '../shared/is-map.ts';
import { mapPairs } from './pairs.ts';

export type Map_ = Readonly<Record<string, unknown>>;
type MergeRule = (base: unknown, over: unknown) => unknown;

/** How the keys of a service merge, by their path below it. Other keys merge as `mergeDefault`. */
const RULES: Readonly<Record<string, MergeRule>> = {
  command: replace,
  entrypoint: replace,
  'healthcheck.test': replace,
  environment: mergePairs,
  'build.args': mergePairs,
  labels: mergePairs,
  sysctls: mergePairs,
  'deploy.labels': mergePairs,
  'build.labels': mergePairs,
  networks: mergeNetworks,
  logging: mergeLogging,
  build: (base, over) => mergeDefault('build', buildMap(base), buildMap(over)),
  depends_on: mergeDependencies,
  extra_hosts: (base, over) => unique([...hostList(base), ...hostList(over)]),
  ...Object.fromEntries(
    ['dns', 'dns_search', 'tmpfs', 'env_file', 'label_file'].map((key) => [key, joinLists]),
  ),
};
/** Of two entries with one key the later wins. */
const KEYS: Readonly<Record<string, (entry: Map_) => string>> = {
  ports: ({ published, target, protocol = 'tcp' }) => `${published || `:${target}`}/${protocol}`,
  volumes: ({ target }) => String(target),
  secrets: ({ source }) => String(source),
  configs: ({ source }) => String(source),
};
const SETS = new Set(['cap_add', 'cap_drop', 'expose', 'build.cache_from', 'build.cache_to']);

/** Merges what two files say at a path of a service. A value that a file writes wins, also an empty one. */
export function mergeAt(path: string, base: unknown, over: unknown): unknown {
  if (base === undefined && over === undefined) return undefined;
  const keyOf = KEYS[path];
  if (keyOf) return mergeKeyed(keyOf, [base ?? [], over ?? []].flat());
  if (base === undefined || base === null || over === undefined || over === null) return over ?? base;
  return (RULES[path] ?? ((before, after) => mergeDefault(path, before, after)))(base, over);
}

function mergeDefault(path: string, base: unknown, over: unknown): unknown {
  if (isMap(base) && isMap(over)) {
    const entries = Object.keys({ ...base, ...over }).map((key) => [
      key,
      mergeAt(path ? `${path}.${key}` : key, base[key], over[key]),
    ]);
    return Object.fromEntries(entries);
  }
  if (Array.isArray(base) && Array.isArray(over))
    return SETS.has(path) ? unique([...base, ...over]) : [...base, ...over];
  return over;
}

function replace(_base: unknown, over: unknown): unknown {
  return over;
}

/** A name without a value leaves the value of the file before. */
function mergePairs(base: unknown, over: unknown): unknown {
  const [before, after] = [mapPairs(base), mapPairs(over)];
  const names = Object.keys({ ...before, ...after });
  return Object.fromEntries(names.map((name) => [name, after[name] ?? before[name] ?? null]));
}

/** Docker's client sorts merged entries, and their order is in the spec. */
function mergeKeyed(keyOf: (entry: Map_) => string, entries: readonly unknown[]): unknown {
  const keyed = entries.map((entry) => [keyOf(isMap(entry) ? entry : { source: entry }), entry] as const);
  const sorted = [...new Map(keyed)].sort(
    ([a], [b]) => Number.parseInt(a, 10) - Number.parseInt(b, 10) || (a < b ? -1 : 1),
  );
  return sorted.map(([, entry]) => entry);
}

function mergeNetworks(base: unknown, over: unknown): unknown {
  const [before, after] = [namesMap(base), namesMap(over)];
  const names = Object.keys({ ...before, ...after });
  return Object.fromEntries(
    names.map((name) => [
      name,
      before[name] || after[name] ? { ...(before[name] as Map_), ...(after[name] as Map_) } : null,
    ]),
  );
}

/** Options belong to a driver: another driver keeps none of them. */
function mergeLogging(base: unknown, over: unknown): unknown {
  const [before, after] = [base as Map_, over as Map_];
  if (before.driver && after.driver && before.driver !== after.driver) return after;
  return mergeDefault('logging', before, after);
}

function mergeDependencies(base: unknown, over: unknown): unknown {
  if (Array.isArray(base) && Array.isArray(over)) return unique([...base, ...over]);
  return mergeDefault('', namesMap(base), namesMap(over));
}

function joinLists(base: unknown, over: unknown): unknown {
  return unique([...[base].flat(), ...[over].flat()]);
}

function hostList(hosts: unknown): readonly unknown[] {
  if (Array.isArray(hosts)) return hosts;
  const entries = Object.entries(hosts as Map_).map(([host, address]) => `${host}:${address}`);
  return entries.sort();
}

const unique = (list: readonly unknown[]) => [...new Set(list)];
const buildMap = (build: unknown) => (typeof build === 'string' ? { context: build } : build);
const namesMap = (names: unknown): Map_ =>
  Array.isArray(names) ? Object.fromEntries(names.map((name) => [name, null])) : (names as Map_);
