import type { EnvFile } from '../config/parse-env.ts';
import { shield, unshield } from '../config/shield.ts';
import { Secret } from '../shared/secret.ts';
import { variableName } from '../shared/variable-name.ts';
import type { VersionNames } from './release/release.ts';

/** What stack.yml may refer to, and which of it must not be written into the rendered file. */
export interface Variables {
  lookup(name: string): string | undefined;
  readonly sensitive: Readonly<Record<string, Secret>>;
}

/** Names whose values stay out of the bundle. B2_KEY_ID and the like are identifiers, not secrets. */
const SENSITIVE =
  /(PASS(WORD|WD|PHRASE|CODE)?|_PWD?|SECRETS?|TOKENS?|KEYS?|KEY_BASE|CREDENTIALS?|DSN|_PAT|CONNECTION_STRING|(DATABASE|DB|POSTGRES\w*|MYSQL|MONGO\w*|REDIS|AMQP|BROKER)_UR[IL]|SALT|PEPPER|WEBHOOK(_URL)?)(_(OLD|NEW|PREVIOUS|\d+))?$/i;
const PUBLIC = /PUB(LIC)?_KEY/i;
/** A user and a password in a URL: whatever its name, it is a credential. */
const LOGIN = /\b[a-z][\w+.-]*:\/\/[^\s/?#@]*:[^\s/?#]+@/i;
export const isSensitive = (name: string, value = '') =>
  (SENSITIVE.test(name) && !PUBLIC.test(name)) || LOGIN.test(value);

/** Private-use characters: whatever comes from outside is shielded, so that it cannot forge them. */
const VALUE = /\uE000([\w.-]+)\uE001/g;
const VERSION = /\uE002([^\uE003]+)\uE003/g;
export const markValue = (name: string) => `\uE000${name}\uE001`;
/** Stands for the name of the version of an object, which only the cluster decides; `id` is as objectId makes it. */
export const markVersion = (id: string) => `\uE002${id}\uE003`;

/**
 * What the manager's shell calls a value. Its own prefix, or Docker would fill empty variables of that name;
 * no two names become one.
 */
export const exportedName = (name: string) =>
  `WAGGLE_${name.replaceAll(/\W/g, (character) => `_${character.charCodeAt(0).toString(16)}_`)}`;

/**
 * Precedence: what Waggle computes, then the process's environment, then prod.env, cluster.env, registry.env.
 * A sensitive value is looked up as a mark, which the rendered stack turns into a variable for the manager.
 */
export function planVariables(
  computed: Readonly<Record<string, string>>,
  environment: Readonly<Record<string, string>>,
  envFiles: readonly EnvFile[],
): Variables {
  const given: Record<string, string> = Object.assign(
    {},
    ...envFiles.map(({ values }) => values).reverse(),
    environment,
  );
  const sensitive = Object.fromEntries(
    Object.entries(given)
      .filter(([name, value]) => isSensitive(name, value) && value && !Object.hasOwn(computed, name))
      .map(([name, value]) => [name, new Secret(value)]),
  );
  const lookup = (name: string) => {
    if (Object.hasOwn(computed, name)) return computed[name];
    if (Object.hasOwn(sensitive, name)) return markValue(name);
    return Object.hasOwn(given, name) ? shield(given[name] ?? '') : undefined;
  };
  return { lookup, sensitive };
}

/** Text that survives Docker's own interpolation unchanged, with the sensitive values as the only variables left. */
export function escapeForDocker(text: string): string {
  const escaped = text
    .replaceAll('$', '$$$$')
    .replace(VALUE, (_, name: string) => `\${${exportedName(name)}}`);
  return unshield(escaped);
}

/** The text as it is meant, with sensitive values in it: never for a file or a log. */
export function revealValues(text: string, sensitive: Readonly<Record<string, Secret>>): string {
  return unshield(fillValues(text, sensitive));
}

/** The same, with what came from outside still shielded. */
export function fillValues(text: string, sensitive: Readonly<Record<string, Secret>>): string {
  return text.replace(VALUE, (mark, name: string) => sensitive[name]?.revealText() ?? mark);
}

/** The text for a message: a sensitive value as the variable that it is. */
export function showValues(text: string): string {
  return unshield(text.replace(VALUE, (_, name: string) => `\${${name}}`));
}

/** The names of the sensitive values that a text still refers to. */
export function valuesIn(text: string): readonly string[] {
  return [...text.matchAll(VALUE)].map(([, name = '']) => name);
}

/** The ids of the objects whose version a text still refers to. */
export function versionsIn(text: string): readonly string[] {
  return [...text.matchAll(VERSION)].map(([, id = '']) => id);
}

export function fillVersions(text: string, names: VersionNames): string {
  return text.replace(VERSION, (_, id: string) => {
    if (!Object.hasOwn(names, id)) throw new Error(`no version is known for ${id}`);
    return names[id] ?? '';
  });
}

/** Every text in a document, changed. */
export function mapTexts(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === 'string') return change(value);
  if (Array.isArray(value)) return value.map((entry) => mapTexts(entry, change));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, mapTexts(entry, change)]));
}

/** `POSTGRES_PASSWORD_SECRET`: how stack.yml names the current version of secrets/postgres_password.txt. */
export function secretVariable(key: string): string {
  return `${variableName(key)}_SECRET`;
}
