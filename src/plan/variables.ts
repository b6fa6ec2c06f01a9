import type { EnvFile } from '../config/parse-env.ts';
import { clusterSchema, registrySchema } from '../config/settings.ts';
import { isSensitive } from '../shared/is-sensitive.ts';
import { Secret } from '../shared/secret.ts';
import { variableName } from '../shared/variable-name.ts';
import type { VersionNames } from './release/release.ts';

/** What stack.yml may refer to. */
export interface Variables {
  lookup(name: string): string | undefined;
  /** The same for the template: a sensitive value is `${NAME}`, and a literal dollar is doubled. */
  template(name: string): string | undefined;
  readonly sensitive: Readonly<Record<string, Secret>>;
}

/** Noncharacters, which Unicode keeps for use inside of a program. */
const VERSION = /\uFDD0([^\uFDD1]+)\uFDD1/g;
/** Stands for the name of the version of an object, which only the cluster decides; `id` is as objectId makes it. */
export const markVersion = (id: string) => `\uFDD0${id}\uFDD1`;

const SETTINGS = new Set(Object.keys({ ...clusterSchema.shape, ...registrySchema.shape }));

/** A setting that is missing is one problem, and not one more at each place that uses it. */
const MISSING = Object.fromEntries(Object.keys(registrySchema.shape).map((key) => [key, '']));

/**
 * Precedence: what Waggle computes, then the process's environment, then prod.env, cluster.env, registry.env. A value is
 * sensitive unless Waggle computes it, or it is a setting or a variable of cluster.env and registry.env with a harmless name.
 */
export function planVariables(
  computed: Readonly<Record<string, string>>,
  environment: Readonly<Record<string, string>>,
  [prod, ...others]: readonly EnvFile[],
): Variables {
  const shown = Object.assign({}, ...others.map(({ values }) => values).reverse());
  const given: Record<string, string> = { ...MISSING, ...shown, ...prod?.values, ...environment };
  const isShown = (name: string) =>
    SETTINGS.has(name) || (Object.hasOwn(shown, name) && !Object.hasOwn(prod?.values ?? {}, name));
  const sensitive = Object.fromEntries(
    Object.entries(given)
      .filter(([name, value]) => value && !Object.hasOwn(computed, name))
      .filter(([name, value]) => !isShown(name) || isSensitive(name, value))
      .map(([name, value]) => [name, new Secret(value)]),
  );
  const lookup = (name: string) => {
    if (Object.hasOwn(computed, name)) return computed[name];
    return Object.hasOwn(given, name) ? given[name] : undefined;
  };
  const template = (name: string) => (Object.hasOwn(sensitive, name) ? referTo(name) : doubled(lookup(name)));
  return { lookup, template, sensitive };
}

const doubled = (text: string | undefined) => text && escapeForDocker(text);

/** In a template it stands for a sensitive value; any other dollar there is doubled. */
export const referTo = (name: string) => `\${${name}}`;
const REFERENCE = /\$\$|\$\{([^}]+)\}/g;

/** The names of the sensitive values that a template refers to, each once. */
export function referencesIn(template: unknown): readonly string[] {
  if (typeof template === 'string')
    return [...new Set([...template.matchAll(REFERENCE)].flatMap(([, name]) => name ?? []))];
  if (typeof template !== 'object' || template === null) return [];
  const entries: readonly unknown[] = Object.entries(template).flat();
  return [...new Set(entries.flatMap(referencesIn))];
}

/** A template as people read it. */
export const readable = (template: string) => template.replaceAll('$$', () => '$');

/** Text that survives Docker's own interpolation unchanged. */
export const escapeForDocker = (text: string) => text.replaceAll('$', () => '$$');

/** The ids of the objects whose version a text still refers to. */
export function versionsIn(text: string): readonly string[] {
  return [...text.matchAll(VERSION)].map(([, id = '']) => id);
}

export function fillVersions(text: string, names: VersionNames): string {
  return text.replace(VERSION, (mark, id: string) => (Object.hasOwn(names, id) ? (names[id] ?? mark) : mark));
}

/** `POSTGRES_PASSWORD_SECRET`: how stack.yml names the current version of secrets/postgres_password.txt. */
export function secretVariable(key: string): string {
  return `${variableName(key)}_SECRET`;
}
