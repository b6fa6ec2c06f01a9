import { isPair, isScalar, type Node, type Pair } from 'yaml';
import { isMap } from '../shared/is-map.ts';
import { DOCKER, type MergeRules, mergeAt, type PlainMap } from './merge-rules.ts';

/** Paths (joined by a NUL) at which an override file said `!reset` (remove) or `!override` (replace whole). */
export type MergeTags = ReadonlyMap<string, 'reset' | 'override'>;

const SEPARATOR = '\0';

/**
 * Lays one stack file over another: services merge key by key; networks, volumes, secrets and configs are replaced, as
 * Docker's client does, unless `how` says otherwise. Both have their ports and mounts in the long form.
 */
export function mergeStacks(base: PlainMap, over: PlainMap, marks: MergeTags, how = DOCKER): PlainMap {
  const one = leaveOut(base, [...marks.keys()]);
  const other = withoutResets(over, marks);
  const entries = Object.keys({ ...one, ...other }).map((key) => [
    key,
    mergeSection(key, one[key], other[key], how),
  ]);
  return Object.fromEntries(entries);
}

/** A stack file without what it resets: that stands for nothing of any kind. */
export function withoutResets(document: PlainMap, marks: MergeTags): PlainMap {
  return leaveOut(
    document,
    [...marks].flatMap(([key, mark]) => (mark === 'reset' ? [key] : [])),
  );
}

const leaveOut = (document: PlainMap, keys: readonly string[]) =>
  keys.reduce<unknown>((rest, key) => without(rest, key.split(SEPARATOR)), document) as PlainMap;

function mergeSection(section: string, base: unknown, over: unknown, how: MergeRules): unknown {
  if (section.startsWith('x-')) return base ?? over;
  if (!isMap(base) || !isMap(over)) return over === undefined ? base : over;
  if (section !== 'services' && !how.isDeep) return { ...base, ...over };
  const names = Object.keys({ ...base, ...over });
  return Object.fromEntries(names.map((name) => [name, mergeAt('', base[name], over[name], how)]));
}

function without(value: unknown, [key = '', ...rest]: readonly string[]): unknown {
  if (!isMap(value) || !Object.hasOwn(value, key)) return value;
  const { [key]: inner, ...others } = value;
  return rest.length === 0 ? others : { ...value, [key]: without(inner, rest) };
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
