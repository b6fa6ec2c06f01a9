import type { SecretFile } from '../config/inputs.ts';
import type { EnvFile } from '../config/parse-env.ts';
import { Secret } from '../shared/secret.ts';

/** What stack.yml may refer to, and which of it must not be written into the rendered file. */
export interface Variables {
  lookup(name: string): string | undefined;
  readonly sensitive: Readonly<Record<string, Secret>>;
}

/** Names whose values stay out of the bundle. B2_KEY_ID and the like are identifiers, not secrets. */
const SENSITIVE = /(PASSWORD|PASSWD|PASSPHRASE|SECRET|TOKEN|(APP|API|ACCESS|AUTH|PRIVATE|SECRET)_KEY)$/;

/** Private-use characters: they cannot come from a file that Docker would accept. */
const MARK = /\uE000(\w+)\uE001/g;
const mark = (name: string) => `\uE000${name}\uE001`;

/**
 * Precedence: what Waggle computes, then the process's environment, then prod.env, cluster.env, registry.env.
 * A sensitive value is looked up as a mark, which the rendered stack turns into ${NAME} for the manager.
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
      .filter(([name, value]) => SENSITIVE.test(name) && value && !Object.hasOwn(computed, name))
      .map(([name, value]) => [name, new Secret(value)]),
  );
  const lookup = (name: string) => {
    if (Object.hasOwn(computed, name)) return computed[name];
    if (Object.hasOwn(sensitive, name)) return mark(name);
    return Object.hasOwn(given, name) ? given[name] : undefined;
  };
  return { lookup, sensitive };
}

/** Text that survives Docker's own interpolation unchanged, with the marks as the only variables left. */
export function escapeForDocker(text: string): string {
  return text.replaceAll('$', '$$$$').replace(MARK, '${$1}');
}

/** The names a text still refers to. */
export function marksIn(text: string): readonly string[] {
  return [...text.matchAll(MARK)].map(([, name = '']) => name);
}

/** `POSTGRES_PASSWORD_SECRET`: how stack.yml names the current version of secrets/postgres_password.txt. */
export function secretVariable({ key }: Pick<SecretFile, 'key'>): string {
  return `${key.toUpperCase().replaceAll(/\W/g, '_')}_SECRET`;
}
