import {
  type DocumentOptions,
  isScalar,
  LineCounter,
  type ParseOptions,
  parseDocument,
  type SchemaOptions,
  visit,
} from 'yaml';
import { interpolate, type Lookup } from './interpolate.ts';
import { type Marks, readMark } from './merge-stack.ts';
import type { Problem } from './problem.ts';

/**
 * Docker's parser follows YAML 1.1 (`0440` is octal, `yes` is true), but for times: there `22:22` is text. A tag
 * that is unknown is reported by readMark, so yaml's own warnings are not needed.
 */
const AS_DOCKER: ParseOptions & DocumentOptions & SchemaOptions = {
  version: '1.1',
  merge: true,
  customTags: (tags) => tags.filter((tag) => typeof tag !== 'object' || !isTime(tag)),
};

function isTime({ tag, format }: { tag: string; format?: string }): boolean {
  return format === 'TIME' || tag === 'tag:yaml.org,2002:timestamp';
}

export interface ParsedStack {
  readonly document: Readonly<Record<string, unknown>>;
  readonly marks: Marks;
  readonly problems: readonly Problem[];
}

/** Parses one stack file and substitutes its variables; every problem with its line and column. */
export function parseStack(file: string, text: string, lookup: Lookup): ParsedStack {
  const lineCounter = new LineCounter();
  const yaml = parseDocument(text, { ...AS_DOCKER, lineCounter, logLevel: 'error', prettyErrors: false });
  const problems: Problem[] = [];
  const complain = (offset: number, message: string) => {
    const { line, col } = lineCounter.linePos(offset);
    problems.push({ file, line, column: col, message });
  };
  for (const error of yaml.errors) complain(error.pos[0], error.message);
  if (yaml.errors.length > 0) return { document: {}, marks: new Map(), problems };

  const marks: Map<string, 'reset' | 'override'> = new Map();
  visit(yaml, {
    Node(key, node, path) {
      const offset = node.range?.[0] ?? 0;
      if ('tag' in node && node.tag) readMark(node.tag, path, marks, (message) => complain(offset, message));
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
  return { document, marks, problems };
}

/** Where the n-th character of a scalar stands in the file: exact for one-line scalars, else the scalar's start. */
function offsetInSource(source: string | undefined, offset: number, text: string, start: number): number {
  if (!source || source.includes('\n')) return 0;
  const quote = /^['"]/.test(text.slice(start, start + 1)) ? 1 : 0;
  return quote + offset;
}
