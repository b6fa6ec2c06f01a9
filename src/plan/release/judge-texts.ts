import type { Path, Positions } from '../../config/positions.ts';
import type { Problem } from '../../config/problem.ts';
import type { StackDocument } from '../../config/stack-document.ts';

/** Texts with a NUL, which ends a text of the operating system: no container can start with it. */
export function judgeTexts(document: StackDocument, positions: Positions): readonly Problem[] {
  return findNul(document, []).map((path) => ({
    ...positions.locate(path),
    message: `${path.join('.')} has a NUL character, which no program can be given: leave it out`,
  }));
}

function findNul(value: unknown, path: Path): readonly Path[] {
  if (typeof value === 'string') return value.includes('\0') ? [path] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, entry]) => findNul(entry, [...path, key]));
}
