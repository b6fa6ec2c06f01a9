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

/** Where every secret comes from. Reads no value. */
export function findOrigins(
  inputs: Inputs,
  shell: Shell,
): { readonly origins: readonly Origin[]; readonly problems: readonly Problem[] } {
  const [overriding, ...others] = sources.map((source) => source.find(inputs, shell));
  const named = new Map<string, Origin>();
  const problems = [...(overriding?.problems ?? []), ...others.flatMap((found) => found.problems)];
  for (const origin of others.flatMap(({ origins }) => origins)) {
    const twin = named.get(variableName(origin.key));
    if (twin)
      problems.push({
        file: origin.place,
        message: `is the secret ${origin.key}, which also comes from ${twin.from}: keep one of the two`,
      });
    named.set(variableName(origin.key), origin);
  }
  for (const origin of overriding?.origins ?? []) {
    const name = variableName(origin.key);
    named.set(name, { ...origin, key: named.get(name)?.key ?? origin.key });
  }
  return { origins: [...named.values()], problems };
}
