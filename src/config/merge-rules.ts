import { isMap } from '../shared/is-map.ts';
import { mapPairs } from './pairs.ts';
import { parseDuration, parseSize } from './parse-units.ts';

export type Map_ = Readonly<Record<string, unknown>>;

/** Says of an entry, by its key or its index and below, that it gets lost, and why. */
export type Say = (path: readonly (string | number)[], why: string) => void;
export type MergeRule = (base: unknown, over: unknown, say: Say) => unknown;

const EMPTY = 'is empty, and so does not override the file before: write !override in front of the value';

/** Keys for which Docker tells 0 from nothing. */
const COUNTS = new Set(['replicas', 'parallelism', 'max_attempts', 'retries', 'scale']);
const DURATIONS = /^(interval|timeout|start_period|start_interval|delay|window|monitor|stop_grace_period)$/;

/** How Docker's client merges what a service has, by the path below it. What is not listed merges as `mergeDefault`. */
const RULES: Readonly<Record<string, MergeRule>> = {
  command: mergeCommand,
  entrypoint: mergeCommand,
  environment: mergeVariables,
  'build.args': mergeVariables,
  labels: mergePairs,
  sysctls: mergePairs,
  'deploy.labels': mergePairs,
  'build.labels': mergePairs,
  ports: keyed((entry) => (entry.published as number) ?? 0),
  volumes: keyed((entry) => String(entry.target)),
  secrets: keyed((entry) => String(entry.source)),
  configs: keyed((entry) => String(entry.source)),
  networks: mergeNetworks,
  ulimits: (base, over) => ({ ...(base as Map_), ...(over as Map_) }),
  logging: mergeLogging,
  build: (base, over, say) => mergeDefault('build', buildMap(base), buildMap(over), say),
  depends_on: mergeDependencies,
  extra_hosts: (base, over) => unique([...hostList(base), ...hostList(over)]),
  'healthcheck.test': mergeTest,
  ...Object.fromEntries(
    ['dns', 'dns_search', 'tmpfs', 'env_file', 'label_file'].map((key) => [key, joinLists]),
  ),
};
const SETS = new Set(['cap_add', 'cap_drop', 'expose', 'build.cache_from', 'build.cache_to']);

/** Either side may be undefined: Docker still sorts what has keys. */
export function mergeAt(path: string, base: unknown, over: unknown, say: Say): unknown {
  const rule = RULES[path];
  if (base === undefined && over === undefined) return undefined;
  if (rule && isKeyed(path)) return rule(base ?? [], over ?? [], say);
  if (base === undefined || over === undefined) return over ?? base;
  return rule ? rule(base, over, say) : mergeDefault(path, base, over, say);
}

const isKeyed = (path: string) => /^(ports|volumes|secrets|configs)$/.test(path);

/** Maps merge, lists join, and an empty value is none. */
function mergeDefault(path: string, base: unknown, over: unknown, say: Say): unknown {
  if (isMap(base) && isMap(over)) {
    const entries = Object.keys({ ...base, ...over }).map((key) => [
      key,
      mergeAt(path ? `${path}.${key}` : key, base[key], over[key], (below, why) => say([key, ...below], why)),
    ]);
    return Object.fromEntries(entries);
  }
  if (Array.isArray(base) && Array.isArray(over))
    return SETS.has(path) ? unique([...base, ...over]) : [...base, ...over];
  if (!isEmpty(path.split('.').at(-1) ?? '', over)) return over;
  if (!isEmpty('', base) && over !== null) say([], EMPTY);
  return base;
}

function isEmpty(key: string, value: unknown): boolean {
  if (value === 0) return !COUNTS.has(key);
  if (DURATIONS.test(key)) return parseDuration(String(value)) === 0;
  if (key === 'memory') return parseSize(String(value)) === 0;
  return value === null || value === '' || value === false || (Array.isArray(value) && value.length === 0);
}

function mergeCommand(base: unknown, over: unknown, say: Say): unknown {
  if (!isEmpty('', over)) return over;
  if (!isEmpty('', base)) say([], EMPTY);
  return base;
}

/** A variable that is empty, or only named, leaves the one before as it was. */
function mergeVariables(base: unknown, over: unknown, say: Say): unknown {
  const [before, after] = [mapPairs(base), mapPairs(over)];
  const kept = Object.keys(after).filter(
    (name) => isEmpty('', after[name] === 0 ? '0' : after[name]) && !isEmpty('', before[name] ?? ''),
  );
  for (const name of kept) say(isMap(over) ? [name] : [], `${name} ${EMPTY}`);
  return { ...before, ...after, ...Object.fromEntries(kept.map((name) => [name, before[name]])) };
}

function mergePairs(base: unknown, over: unknown): unknown {
  return { ...mapPairs(base), ...mapPairs(over) };
}

/** Entries with the same key are one, the last; Docker's client sorts them, and that order is a part of the spec. */
function keyed(keyOf: (entry: Map_) => string | number): MergeRule {
  return (base, over, say) => {
    const [before, after] = [base as unknown[], over as unknown[]];
    const key = (entry: unknown) => keyOf(isMap(entry) ? entry : { source: entry });
    for (const list of [before, after])
      for (const [index, entry] of list.entries())
        if (list.findLastIndex((other) => key(other) === key(entry)) > index)
          say(
            list === after ? [index] : [],
            `has ${key(entry) || 'no published port'} twice, of which Docker keeps the last when files are merged: write the whole list after !override`,
          );
    const entries = [...new Map([...before, ...after].map((entry) => [key(entry), entry])).values()];
    return entries.sort((a, b) => (key(a) < key(b) ? -1 : 1));
  };
}

function mergeNetworks(base: unknown, over: unknown, say: Say): unknown {
  const [before, after] = [namesMap(base), namesMap(over)];
  const entries = Object.keys({ ...before, ...after }).map((name) => [
    name,
    attach(name, before[name], after[name], say),
  ]);
  return Object.fromEntries(entries);
}

function attach(name: string, before: unknown, after: unknown, say: Say): unknown {
  if (!isMap(before) || !isMap(after)) return after ?? before ?? null;
  if (after.driver_opts !== undefined)
    say([name, 'driver_opts'], 'is left out by Docker, because the file before attaches to the network, too');
  const { aliases: _, ...kept } = before;
  const { driver_opts, ...more } = after;
  return { ...kept, ...more };
}

/** Options are of a driver: another one has none of the options before. */
function mergeLogging(base: unknown, over: unknown): unknown {
  const [before, after] = [base as Map_, over as Map_];
  if (before.driver && after.driver && before.driver !== after.driver) return after;
  const options = { ...(before.options as Map_), ...(after.options as Map_) };
  return { ...before, ...after, ...(Object.keys(options).length > 0 && { options }) };
}

function mergeDependencies(base: unknown, over: unknown, say: Say): unknown {
  if (Array.isArray(base) && Array.isArray(over)) return unique([...base, ...over]);
  return mergeDefault('', namesMap(base), namesMap(over), say);
}

function mergeTest(base: unknown, over: unknown, say: Say): unknown {
  const words = (test: unknown) => (Array.isArray(test) ? test : ['CMD-SHELL', test]);
  if (words(base).length > 0 && words(over).length > 0)
    say(
      [],
      'is put behind the one of the file before by Docker, as one command: write !override in front of it',
    );
  return [...words(base), ...words(over)];
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
