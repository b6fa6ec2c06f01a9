import { COMPOSE, type PlainMap } from '../merge-rules.ts';
import { type MergeTags, mergeStacks } from '../merge-stack.ts';
import type { Path, Positions } from '../positions.ts';
import type { Finding, Problem } from '../problem.ts';

/** A stack file, or a part of one, with what was found wrong in it. */
export interface Part {
  readonly document: PlainMap;
  readonly marks: MergeTags;
  readonly positions: Positions;
  readonly problems: readonly Problem[];
  /** What Docker would not take: a part with misfits is merged with nothing. */
  readonly misfits: readonly Problem[];
  readonly findings: readonly Finding[];
}

/** Lays one part over another as compose does, with the problems of both. */
export function mergeParts(base: Part, over: Part): Part {
  const all = joinProblems(base, over);
  if (all.misfits.length > 0) return all;
  return {
    ...all,
    document: mergeStacks(base.document, over.document, over.marks, COMPOSE),
    positions: base.positions.under(over.positions),
  };
}

/** The second part with the problems of both. */
export function joinProblems<Added extends Pick<Part, 'problems' | 'misfits' | 'findings'>>(
  added: Added,
  part: Part,
): Part {
  return {
    ...part,
    problems: [...added.problems, ...part.problems],
    misfits: [...added.misfits, ...part.misfits],
    findings: [...added.findings, ...part.findings],
  };
}

export const withProblem = (part: Part, problem: Problem): Part => ({
  ...part,
  problems: [...part.problems, problem],
});

/** The problems of one service as those of another: `undefined` stands for every service. */
export function problemsAs(part: Part, from: string | undefined, to: string) {
  const move = <One extends Problem>(list: readonly One[]): One[] =>
    list.flatMap((one) => {
      const [section, name, ...rest] = one.path ?? [];
      if (section !== 'services') return from === undefined ? [one] : [];
      const path: Path = ['services', to, ...rest];
      return from === undefined || name === from ? [{ ...one, path }] : [];
    });
  return { problems: move(part.problems), misfits: move(part.misfits), findings: move(part.findings) };
}
