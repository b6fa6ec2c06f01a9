import type { Finding } from './problem.ts';

const COMMENT = /#\s*waggle-ignore\s+([\w-]+(?:\s*,\s*[\w-]+)*)/;

/** True for a finding that the operator has looked at and silenced. */
export type IsIgnored = (finding: Finding) => boolean;

/**
 * `# waggle-ignore <id>[, <id>]: why` silences a rule for its own line and the next; in the comments that begin a
 * file, for everything. `texts` are by the name that findings carry.
 */
export function parseIgnores(texts: Readonly<Record<string, string>>): IsIgnored {
  const everywhere = new Set<string>();
  const lines = new Map<string, ReadonlySet<string>>();
  for (const [file, text] of Object.entries(texts)) {
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
  return ({ rule, file, line }) => everywhere.has(rule) || (lines.get(`${file}:${line}`)?.has(rule) ?? false);
}
