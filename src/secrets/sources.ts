import type { Inputs } from '../config/inputs.ts';
import type { Problem } from '../config/problem.ts';
import type { Shell } from '../shared/shell.ts';
import { variableName } from '../shared/variable-name.ts';
import { fromAge } from './from-age.ts';
import { fromCommand } from './from-command.ts';
import { fromEnvironment } from './from-environment.ts';
import { fromFile } from './from-file.ts';
import type { Origin, Source } from './source.ts';

/** The first overrides the others, as the environment does for every variable; of the rest, one may have a secret. */
export const sources: readonly Source[] = [fromEnvironment, fromFile, fromAge, fromCommand];

/** Where every secret may come from. Reads no value. Two may have one key: the stack file can say which by its \`file:\`. */
export function findOrigins(
  inputs: Inputs,
  shell: Shell,
): { readonly origins: readonly Origin[]; readonly problems: readonly Problem[] } {
  const [overriding, ...others] = sources.map((source) => source.find(inputs, shell));
  const problems = [...(overriding?.problems ?? []), ...others.flatMap((found) => found.problems)];
  const found = others.flatMap(({ origins }) => origins);
  const overrides = (overriding?.origins ?? []).map((origin) => {
    const same = found.find(({ key }) => variableName(key) === variableName(origin.key));
    return { ...origin, key: same?.key ?? origin.key };
  });
  const overridden = new Set(overrides.map(({ key }) => variableName(key)));
  return {
    origins: [...found.filter(({ key }) => !overridden.has(variableName(key))), ...overrides],
    problems,
  };
}
