import {
  type Document,
  type DocumentOptions,
  isAlias,
  isCollection,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  type ParseOptions,
  parseDocument,
  type Scalar,
  type SchemaOptions,
  visit,
  type YAMLSeq,
} from 'yaml';
import { dockerTags, findMisreading } from './docker-yaml.ts';
import { type Dollar, interpolate, type Lookup } from './interpolate.ts';
import { JUDGED, judgeYaml } from './judge-yaml.ts';
import { type MergeTags, readMark } from './merge-stack.ts';
import { type Path, Positions } from './positions.ts';
import type { Problem } from './problem.ts';

/** A tag that is unknown is reported by readMark, so yaml's own warnings are not needed. */
export const AS_DOCKER: ParseOptions & DocumentOptions & SchemaOptions = {
  ...JUDGED,
  version: '1.1',
  merge: true,
  customTags: dockerTags,
};

const MOST_ALIASES = 1000;

export interface ParsedStack {
  readonly document: Readonly<Record<string, unknown>>;
  readonly marks: MergeTags;
  readonly positions: Positions;
  readonly problems: readonly Problem[];
}

/** Parses one stack file and substitutes its variables; every problem with its line and column. */
export function parseStack(file: string, text: string, lookup: Lookup, dollar: Dollar = '$'): ParsedStack {
  const lineCounter = new LineCounter();
  const yaml = parseDocument(text, { ...AS_DOCKER, lineCounter });
  const problems: Problem[] = [];
  const positions = new Positions();
  const complain = (offset: number, message: string, rule?: string, path: Path = []) => {
    const { line, col } = lineCounter.linePos(offset);
    problems.push({ file, line, column: col, path, message, ...(rule && { rule }) });
  };
  const nothing = { document: {}, marks: new Map(), positions, problems };
  for (const { offset, message, rule } of judgeYaml(yaml, text)) complain(offset, message, rule);
  if (problems.some(({ rule }) => rule === undefined)) return nothing;

  const marks: Map<string, 'reset' | 'override'> = new Map();
  visit(yaml, {
    Node(key, node, path) {
      const offset = node.range?.[0] ?? 0;
      if ('tag' in node && node.tag) readMark(node.tag, path, marks, (message) => complain(offset, message));
      if (isScalar(node) || isCollection(node) || isAlias(node)) {
        const { line, col } = lineCounter.linePos(key === 'value' ? keyOffset(path, offset) : offset);
        if (key !== 'key') positions.note(pathOf(key, path), { file, line, column: col }, spellingOf(node));
      }
      if (!isScalar(node)) return;
      // A key is its text, whatever a value of that spelling would be.
      if (key === 'key' && /number|boolean/.test(typeof node.value)) node.value = node.source ?? node.value;
      if (key === 'key' || typeof node.value !== 'string') return;
      const names = new Set<string>();
      const noted: Lookup = (name) => {
        names.add(name);
        return lookup(name);
      };
      const result = interpolate(node.value, noted, dollar);
      const here = pathOf(key, path);
      if (names.size > 0 || result.text !== node.value) positions.noteFilled(here, [...names]);
      const named = typeof key === 'number' ? nameOf(result.text) : undefined;
      if (named !== undefined) positions.noteNamed(here, [...here.slice(0, -1), named]);
      const place = result.problems.length > 0 ? placeIn(node.source, text, offset) : () => 0;
      for (const problem of result.problems)
        complain(offset + place(problem.offset), problem.message, problem.rule, here);
      node.value = result.text;
    },
  });
  const document = toPlain(yaml, complain) ?? {};
  if (typeof document === 'object' && !Array.isArray(document))
    return { document, marks, positions, problems };
  complain(0, 'must be a map with services:');
  return nothing;
}

/** All that the library throws here is about the document: aliases of aliases that come to more than it takes. */
function toPlain(yaml: Document, complain: (offset: number, message: string) => void) {
  try {
    return yaml.toJS({ maxAliasCount: MOST_ALIASES });
  } catch {
    const offsets: number[] = [];
    visit(yaml, {
      Alias(_, { range }) {
        offsets.push(range?.[0] ?? 0);
      },
    });
    complain(offsets.at(-1) ?? 0, 'repeats by aliases more than can be read: write out what they stand for');
    return {};
  }
}

/** Where the n-th character of a scalar stands in the file: exact for one-line scalars, else the scalar's start. */
function placeIn(source: string | undefined, text: string, start: number): (offset: number) => number {
  if (!source || source.includes('\n')) return () => 0;
  const quote = /^['"]/.test(text.slice(start, start + 1)) ? 1 : 0;
  return (offset) => quote + offset;
}

/** Where each item of a list stands in it, found once: a search for each item of a long list would not end. */
const places = new WeakMap<object, ReadonlyMap<unknown, number>>();

function indexIn(list: YAMLSeq, item: unknown): number {
  const known = places.get(list) ?? new Map(list.items.map((one, index) => [one, index]));
  places.set(list, known);
  return known.get(item) ?? -1;
}

/** Keys and indices above a node; `key` is its own index in a list, or 'value' in a map. */
function pathOf(key: string | number | null, ancestors: readonly unknown[]): Path {
  const path = ancestors.flatMap((ancestor, index): (string | number)[] => {
    if (isPair(ancestor)) return [isScalar(ancestor.key) ? String(ancestor.key.value) : ''];
    const next = ancestors[index + 1];
    return isSeq(ancestor) && next !== undefined ? [indexIn(ancestor, next)] : [];
  });
  return typeof key === 'number' && isSeq(ancestors.at(-1)) ? [...path, key] : path;
}

/** `A` of an entry `A=b`, as environments, labels and arguments have them. */
const nameOf = (text: string) => /^([^=\s]+)=/.exec(text)?.[1];

/** A setting is looked for where its name stands. */
function keyOffset(ancestors: readonly unknown[], fallback: number): number {
  const pair = ancestors.at(-1);
  return isPair(pair) && isScalar(pair.key) ? (pair.key.range?.[0] ?? fallback) : fallback;
}

/** How a value was written that Docker reads as something else. */
function spellingOf(node: unknown): string | undefined {
  if (!isScalar(node) || node.type !== 'PLAIN' || node.tag === 'tag:yaml.org,2002:str') return undefined;
  const { source = '' } = node as Scalar;
  return findMisreading(source) ? source : undefined;
}
