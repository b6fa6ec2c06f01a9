import { castTypes } from '../config/cast-types.ts';
import type { Inputs } from '../config/inputs.ts';
import type { Lookup } from '../config/interpolate.ts';
import { mergeStacks } from '../config/merge-stack.ts';
import { parseStack } from '../config/parse-stack.ts';
import type { Problem } from '../config/problem.ts';
import type { StackDocument } from '../config/stack-document.ts';
import { judgeServices } from './plan-services.ts';

/** The stack files as one document, variables filled in, laid over each other in order. */
export function planDocument(
  { folder, texts, stackFiles }: Inputs,
  lookup: Lookup,
): { document: StackDocument; problems: readonly Problem[] } {
  const parsed = stackFiles.map((file) => parseStack(`${folder}/${file}`, texts[file] ?? '', lookup));
  const merged = parsed.reduce(
    (base, { document, marks }) => mergeStacks(base, document, marks),
    {} as Readonly<Record<string, unknown>>,
  );
  const document = castTypes(merged) as StackDocument;
  const problems = parsed.flatMap((file) => file.problems);
  // A document with holes in it would be judged wrongly.
  return {
    document,
    problems: problems.length > 0 ? problems : judgeServices(document, `${folder}/${stackFiles[0]}`),
  };
}
