import { isPair, isScalar, type Node, type Pair } from 'yaml';
import { isMap } from '../shared/is-map.ts';
import { mapPairs } from './pairs.ts';

/** Paths (joined by a NUL) at which an override file said `!reset` (remove) or `!override` (replace whole). */
export type Marks = ReadonlyMap<string, 'reset' | 'override'>;

type Json = unknown;
type Map_ = Readonly<Record<string, Json>>;

const SEPARATOR = '\0';

/** Lists whose new value replaces the old one, as `docker stack deploy` merges them. */
const REPLACED = new Set(['command', 'entrypoint', 'test']);
/** Maps that may also be written as a list of K=V, or as a list of names. */
const MAPPINGS = new Set(['environment', 'labels', 'args', 'sysctls', 'driver_opts', 'networks']);

/** What makes two entries of a list the same entry: a port by its published port, a mount by its target. */
const IDENTITY: Readonly<Record<string, (entry: Json) => Json>> = {
  ports: (entry) => (isMap(entry) ? (entry.published ?? entry.target) : String(entry).split(':').at(-2)),
  volumes: (entry) => (isMap(entry) ? entry.target : (String(entry).split(':')[1] ?? entry)),
  secrets: (entry) => (isMap(entry) ? entry.source : entry),
  configs: (entry) => (isMap(entry) ? entry.source : entry),
};

/** Lays one stack file over another: maps merge, lists join by identity, everything else is replaced. */
export function mergeStacks(base: Map_, over: Map_, marks: Marks): Map_ {
  return mergeMaps(base, over, marks, []);
}

function mergeMaps(base: Map_, over: Map_, marks: Marks, path: readonly string[]): Map_ {
  const merged: Record<string, Json> = { ...base };
  for (const [key, value] of Object.entries(over)) {
    const here = [...path, key];
    const mark = marks.get(here.join(SEPARATOR));
    if (mark === 'reset') delete merged[key];
    else merged[key] = mark ? value : mergeValues(merged[key], value, marks, here);
  }
  return merged;
}

function mergeValues(base: Json, over: Json, marks: Marks, path: readonly string[]): Json {
  const key = path.at(-1) ?? '';
  if (MAPPINGS.has(key) && Array.isArray(base) !== Array.isArray(over) && base && over)
    return mergeMaps(mapPairs(base), mapPairs(over), marks, path);
  if (isMap(base) && isMap(over)) return mergeMaps(base, over, marks, path);
  if (!Array.isArray(base) || !Array.isArray(over) || REPLACED.has(key)) return over;
  if (MAPPINGS.has(key)) return mergeLists(base, over, (entry) => String(entry).split('=')[0]);
  const identity = IDENTITY[key];
  if (!identity) return mergeLists(base, over, (entry) => entry);
  // Docker's client sorts what it merged; the order of mounts is a part of the spec.
  return mergeLists(base, over, identity).sort((a, b) => compare(identity(a), identity(b)));
}

function mergeLists(base: readonly Json[], over: readonly Json[], identity: (entry: Json) => Json): Json[] {
  const replaced = new Set(over.map(identity));
  return [...base.filter((entry) => !replaced.has(identity(entry))), ...over];
}

function compare(a: Json, b: Json): number {
  const isNumeric = Number(a) && Number(b);
  if (isNumeric) return Number(a) - Number(b);
  return String(a) < String(b) ? -1 : 1;
}

/** Notes a tagged node of an override file. compose's two tags are the only ones known. */
export function readMark(
  tag: string,
  ancestors: readonly unknown[],
  marks: Map<string, 'reset' | 'override'>,
  complain: (message: string) => void,
): void {
  const path = (ancestors.filter(isPair) as Pair<Node>[]).map(({ key }) =>
    isScalar(key) ? String(key.value) : '',
  );
  if (tag === '!reset' || tag === '!override')
    marks.set(path.join(SEPARATOR), tag.slice(1) as 'reset' | 'override');
  else if (!tag.startsWith('tag:yaml.org'))
    complain(`unknown tag ${tag}: only !reset and !override are known`);
}
