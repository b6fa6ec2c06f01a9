import { parseAst } from 'vitest/node';
import type { Hit } from './judge-page.ts';
import { findTerms } from './terms.ts';

interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
}

export interface Texts {
  /** What people may read: string literals and templates of several words. */
  readonly shown: readonly Hit[];
  readonly comments: readonly Hit[];
}

/** Wrong words in a TypeScript file. */
export function judgeSource(code: string): Texts {
  const literals = literalsOf(parseAst(code, { lang: 'ts' }) as unknown as Node);
  const lineAt = (place: number) => code.slice(0, place).split('\n').length;
  const judge = ({ text, start }: Literal) =>
    findTerms(text).map((message) => ({ line: lineAt(start), message }));
  return {
    shown: literals.filter(({ text }) => /\w \w/.test(text)).flatMap(judge),
    comments: commentsOf(code, literals).flatMap(judge),
  };
}

interface Literal {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** A template is one text: what it fills in stands as a single word. */
function literalsOf(node: unknown): readonly Literal[] {
  if (Array.isArray(node)) return node.flatMap(literalsOf);
  if (typeof node !== 'object' || node === null) return [];
  const { type, start, end } = node as Node;
  const inner = Object.entries(node)
    .filter(([key]) => key !== 'quasis' && key !== 'source')
    .flatMap(([, value]) => literalsOf(value));
  if (type === 'Literal')
    return [{ start, end, text: String((node as unknown as { value: unknown }).value) }];
  if (type !== 'TemplateLiteral') return inner;
  const { quasis } = node as unknown as { quasis: readonly { value: { cooked: string } }[] };
  return [{ start, end, text: quasis.map(({ value }) => value.cooked).join('X') }, ...inner];
}

/** What looks like a comment within a literal is none. */
function commentsOf(code: string, literals: readonly Literal[]): readonly Literal[] {
  const bare = literals.reduce(
    (text, { start, end }) =>
      text.slice(0, start) + text.slice(start, end).replace(/[^\n]/g, '_') + text.slice(end),
    code,
  );
  return [...bare.matchAll(/\/\*[\s\S]*?\*\/|\/\/.*/g)].map(({ 0: text, index }) => ({
    ...{ start: index, end: index + text.length },
    text: text.replace(/\s*\n\s*\*?\s*/g, ' '),
  }));
}
