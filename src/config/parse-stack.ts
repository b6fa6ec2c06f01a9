import {
  type DocumentOptions,
  isAlias,
  isCollection,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  type ParseOptions,
  parseDocument,
  type SchemaOptions,
  visit,
} from 'yaml';
import { interpolate, type Lookup } from './interpolate.ts';
import { type Marks, readMark } from './merge-stack.ts';
import { type Path, Positions } from './positions.ts';
import type { Problem } from './problem.ts';

/**
 * Docker's parser follows YAML 1.1 (`0440` is octal, `yes` is true), but for times: there `22:22` is text. A tag
 * that is unknown is reported by readMark, so yaml's own warnings are not needed.
 */
const AS_DOCKER: ParseOptions & DocumentOptions & SchemaOptions = {
  version: '1.1',
  merge: true,
  customTags: (tags) => tags.filter((tag) => typeof tag !== 'object' || !isTime(tag)).map(withoutDot),
};

/** A lone `.`, as in `build: .`, is no number, though YAML 1.1 lets a float have digits on neither side. */
function withoutDot<T>(tag: T): T {
  const { test } = tag as { test?: RegExp };
  return test?.test('.') ? { ...tag, test: new RegExp(`^(?!\\.$)${test.source.replace(/^\^/, '')}`) } : tag;
}

function isTime({ tag, format }: { tag: string; format?: string }): boolean {
  return format === 'TIME' || tag === 'tag:yaml.org,2002:timestamp';
}

export interface ParsedStack {
  readonly document: Readonly<Record<string, unknown>>;
  readonly marks: Marks;
  readonly positions: Positions;
  readonly problems: readonly Problem[];
}

/** Parses one stack file and substitutes its variables; every problem with its line and column. */
export function parseStack(file: string, text: string, lookup: Lookup): ParsedStack {
  const lineCounter = new LineCounter();
  const yaml = parseDocument(text, { ...AS_DOCKER, lineCounter, logLevel: 'error', prettyErrors: false });
  const problems: Problem[] = [];
  const positions = new Positions();
  const complain = (offset: number, message: string) => {
    const { line, col } = lineCounter.linePos(offset);
    problems.push({ file, line, column: col, message });
  };
  for (const error of yaml.errors) complain(error.pos[0], error.message);
  if (yaml.errors.length > 0) return { document: {}, marks: new Map(), positions, problems };

  const marks: Map<string, 'reset' | 'override'> = new Map();
  visit(yaml, {
    Node(key, node, path) {
      const offset = node.range?.[0] ?? 0;
      if ('tag' in node && node.tag) readMark(node.tag, path, marks, (message) => complain(offset, message));
      if (isScalar(node) || isCollection(node) || isAlias(node)) {
        const { line, col } = lineCounter.linePos(key === 'value' ? keyOffset(path, offset) : offset);
        const spelling = isScalar(node) && isMisread(node.value, node.source) ? node.source : undefined;
        if (key !== 'key') positions.note(pathOf(key, path), { file, line, column: col }, spelling);
      }
      if (!isScalar(node)) return;
      // A key is its text, whatever a value of that spelling would be.
      if (key === 'key' && typeof node.value === 'boolean') node.value = node.source ?? node.value;
      if (key === 'key' || typeof node.value !== 'string') return;
      const result = interpolate(node.value, lookup);
      for (const problem of result.problems)
        complain(offset + offsetInSource(node.source, problem.offset, text, offset), problem.message);
      node.value = result.text;
    },
  });
  const document = yaml.toJS({ maxAliasCount: 1000 }) ?? {};
  if (typeof document !== 'object' || Array.isArray(document)) complain(0, 'must be a map with services:');
  return { document, marks, positions, problems };
}

/** Where the n-th character of a scalar stands in the file: exact for one-line scalars, else the scalar's start. */
function offsetInSource(source: string | undefined, offset: number, text: string, start: number): number {
  if (!source || source.includes('\n')) return 0;
  const quote = /^['"]/.test(text.slice(start, start + 1)) ? 1 : 0;
  return quote + offset;
}

/** Keys and indices above a node; `key` is its own index in a list, or 'value' in a map. */
function pathOf(key: string | number | null, ancestors: readonly unknown[]): Path {
  const path = ancestors.flatMap((ancestor, index): (string | number)[] => {
    if (isPair(ancestor)) return [isScalar(ancestor.key) ? String(ancestor.key.value) : ''];
    const next = ancestors[index + 1];
    return isSeq(ancestor) && next !== undefined ? [ancestor.items.indexOf(next)] : [];
  });
  return typeof key === 'number' && isSeq(ancestors.at(-1)) ? [...path, key] : path;
}

/** A setting is looked for where its name stands. */
function keyOffset(ancestors: readonly unknown[], fallback: number): number {
  const pair = ancestors.at(-1);
  return isPair(pair) && isScalar(pair.key) ? (pair.key.range?.[0] ?? fallback) : fallback;
}

/** A number or boolean that would not print as it was written. */
function isMisread(value: unknown, source: string | undefined): boolean {
  return (typeof value === 'number' || typeof value === 'boolean') && source !== String(value);
}
