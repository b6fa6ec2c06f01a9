import { Secret } from '../../shared/secret.ts';
import { referencesIn } from '../variables.ts';
import type { Draft } from './draft.ts';

type Sensitive = Readonly<Record<string, Secret>>;

/** Two env files may give one name different values: none of them is to be shown. */
function secretsOf(told: Draft['told']): Sensitive {
  const entries = told.filter(({ value }) => value !== '');
  return Object.fromEntries(
    entries.map(({ name, value }, at) => [
      entries.findIndex((other) => other.name === name) === at ? name : `${name} (${at})`,
      new Secret(value),
    ]),
  );
}

/** Of the variables those that the stack refers to, all of prod.env, and what an `include` brings. */
export function findSensitive({ variables, settings, told }: Draft, template: unknown): Sensitive {
  const named = new Set([...Object.keys(settings.envFiles[0]?.values ?? {}), ...referencesIn(template)]);
  const own = Object.entries(variables.sensitive).filter(([name]) => named.has(name));
  return { ...Object.fromEntries(own), ...secretsOf(told) };
}
