import { isMap } from '../shared/is-map.ts';
import { mapPairs } from './pairs.ts';

export type PlainMap = Readonly<Record<string, unknown>>;
type MergeRule = (base: unknown, over: unknown, how: MergeRules) => unknown;
type KeyOf = (entry: PlainMap) => string;

/** What differs between `docker stack deploy` with several files, and compose with `extends` and `include`. */
export interface MergeRules {
  /** Of two entries of such a list with one key the later wins. */
  readonly keys: Readonly<Record<string, KeyOf>>;
  readonly rules: Readonly<Record<string, MergeRule>>;
  /** Docker's client sorts merged entries, and their order is in the spec. */
  readonly isSorted: boolean;
  /** Networks, volumes, secrets and configs at the top merge key by key, too. */
  readonly isDeep: boolean;
}

/** How the keys of a service merge, by their path below it. Other keys merge as `mergeDefault`. */
const RULES: Readonly<Record<string, MergeRule>> = {
  command: replace,
  entrypoint: replace,
  'healthcheck.test': replace,
  ...forPairs(mergePairs),
  networks: mergeNetworks,
  logging: mergeLogging,
  build: (base, over, how) => mergeDefault('build', buildMap(base), buildMap(over), how),
  depends_on: mergeDependencies,
  extra_hosts: (base, over) => unique([...hostList(base), ...hostList(over)]),
  ...Object.fromEntries(
    ['dns', 'dns_search', 'tmpfs', 'env_file', 'label_file'].map((key) => [key, joinLists]),
  ),
};
const KEYS: MergeRules['keys'] = {
  ports: ({ published, target, protocol = 'tcp' }) => `${published || `:${target}`}/${protocol}`,
  volumes: ({ target }) => String(target),
  secrets: ({ source }) => String(source),
  configs: ({ source }) => String(source),
};
const SETS = new Set(['cap_add', 'cap_drop', 'expose', 'profiles', 'build.cache_from', 'build.cache_to']);

export const DOCKER: MergeRules = { keys: KEYS, rules: RULES, isSorted: true, isDeep: false };

const mountedAt =
  (folder: string): KeyOf =>
  ({ source, target = `${folder}/${source}` }) =>
    String(target);

export const COMPOSE: MergeRules = {
  keys: {
    ...KEYS,
    ports: ({ published, target, protocol = 'tcp' }) => `${published ?? ''}:${target}/${protocol}`,
    secrets: mountedAt('/run/secrets'),
    configs: mountedAt(''),
    'ipam.config': ({ subnet }) => String(subnet),
  },
  rules: {
    ...RULES,
    ...forPairs(mergeNames),
    networks: mergeNetworksDeep,
    depends_on: (base, over, how) => mergeDefault('depends_on', dependencies(base), dependencies(over), how),
  },
  isSorted: false,
  isDeep: true,
};

/** Merges what two files say at a path of a service. A value that a file writes wins, also an empty one. */
export function mergeAt(path: string, base: unknown, over: unknown, how: MergeRules): unknown {
  if (base === undefined && over === undefined) return undefined;
  const keyOf = how.keys[path];
  if (keyOf) return mergeKeyed(keyOf, [base ?? [], over ?? []].flat(), how);
  if (base === undefined || base === null || over === undefined || over === null) return over ?? base;
  return (how.rules[path] ?? ((before, after) => mergeDefault(path, before, after, how)))(base, over, how);
}

function mergeDefault(path: string, base: unknown, over: unknown, how: MergeRules): unknown {
  if (isMap(base) && isMap(over)) {
    const entries = Object.keys({ ...base, ...over }).map((key) => [
      key,
      mergeAt(path ? `${path}.${key}` : key, base[key], over[key], how),
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

/** To compose a name without a value is one that the later file sets: to the environment's value, or to nothing. */
function mergeNames(base: unknown, over: unknown): unknown {
  return { ...mapPairs(base), ...mapPairs(over) };
}

function forPairs(rule: MergeRule): Readonly<Record<string, MergeRule>> {
  const keys = ['environment', 'build.args', 'labels', 'sysctls', 'deploy.labels', 'build.labels'];
  return Object.fromEntries(keys.map((key) => [key, rule]));
}

/** A name in a list says all that a dependency may say. */
function dependencies(value: unknown): unknown {
  if (!Array.isArray(value)) return value;
  return Object.fromEntries(value.map((name) => [name, { condition: 'service_started', required: true }]));
}

function mergeKeyed(keyOf: KeyOf, entries: readonly unknown[], { isSorted }: MergeRules): unknown {
  const keyed = entries.map((entry) => [keyOf(isMap(entry) ? entry : { source: entry }), entry] as const);
  const merged = [...new Map(keyed)];
  if (isSorted)
    merged.sort(([a], [b]) => Number.parseInt(a, 10) - Number.parseInt(b, 10) || (a < b ? -1 : 1));
  return merged.map(([, entry]) => entry);
}

function mergeNetworks(base: unknown, over: unknown): unknown {
  const [before, after] = [namesMap(base), namesMap(over)];
  const names = Object.keys({ ...before, ...after });
  return Object.fromEntries(
    names.map((name) => [
      name,
      before[name] || after[name] ? { ...(before[name] as PlainMap), ...(after[name] as PlainMap) } : null,
    ]),
  );
}

/** The aliases of both files, each once. */
function mergeNetworksDeep(base: unknown, over: unknown, how: MergeRules): unknown {
  const merged = mergeDefault('networks', namesMap(base), namesMap(over), how) as PlainMap;
  const entries = Object.entries(merged).map(([name, network]) => [
    name,
    isMap(network) && Array.isArray(network.aliases)
      ? { ...network, aliases: unique(network.aliases) }
      : network,
  ]);
  return Object.fromEntries(entries);
}

/** Options belong to a driver: another driver keeps none of them. */
function mergeLogging(base: unknown, over: unknown, how: MergeRules): unknown {
  const [before, after] = [base as PlainMap, over as PlainMap];
  if (before.driver && after.driver && before.driver !== after.driver) return after;
  return mergeDefault('logging', before, after, how);
}

function mergeDependencies(base: unknown, over: unknown, how: MergeRules): unknown {
  if (Array.isArray(base) && Array.isArray(over)) return unique([...base, ...over]);
  return mergeDefault('depends_on', namesMap(base), namesMap(over), how);
}

function joinLists(base: unknown, over: unknown): unknown {
  return unique([...[base].flat(), ...[over].flat()]);
}

function hostList(hosts: unknown): readonly unknown[] {
  if (Array.isArray(hosts)) return hosts;
  const entries = Object.entries(hosts as PlainMap).map(([host, address]) => `${host}:${address}`);
  return entries.sort();
}

const unique = (list: readonly unknown[]) => [...new Set(list)];
const buildMap = (build: unknown) => (typeof build === 'string' ? { context: build } : build);
const namesMap = (names: unknown): PlainMap =>
  Array.isArray(names) ? Object.fromEntries(names.map((name) => [name, null])) : (names as PlainMap);
