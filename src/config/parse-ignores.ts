import { join } from 'node:path';
import type { Inputs } from './inputs.ts';
import type { Problem } from './problem.ts';

const COMMENT = /#\s*waggle-ignore\s+([\w-]+(?:\s*,\s*[\w-]+)*)/;

/** True for a problem of a rule that a comment silences. */
export type IsIgnored = (problem: Problem) => boolean;

/**
 * `# waggle-ignore <id>[, <id>]: why` silences a rule for its own line and the next; in the comments that begin a
 * file, for everything.
 */
export function parseIgnores({ folder, texts }: Pick<Inputs, 'folder' | 'texts'>): IsIgnored {
  const everywhere = new Set<string>();
  const lines = new Map<string, ReadonlySet<string>>();
  for (const [name, text] of Object.entries(texts)) {
    const file = join(folder, name);
    let inHeader = true;
    for (const [index, line] of text.split('\n').entries()) {
      const isComment = /^\s*(#|$)/.test(line);
      inHeader &&= isComment;
      const ids =
        COMMENT.exec(line)?.[1]
          ?.split(',')
          .map((id) => id.trim()) ?? [];
      if (inHeader) for (const id of ids) everywhere.add(id);
      // A comment may share its line with what it is about, or stand above it.
      for (const at of ids.length > 0 ? [index + 1, index + 2] : [])
        lines.set(`${file}:${at}`, new Set([...(lines.get(`${file}:${at}`) ?? []), ...ids]));
    }
  }
  return ({ rule, file, line }) =>
    rule !== undefined && (everywhere.has(rule) || (lines.get(`${file}:${line}`)?.has(rule) ?? false));
}
