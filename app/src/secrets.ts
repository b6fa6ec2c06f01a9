import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = () => process.env.SECRETS_DIR || '/run/secrets';

/** undefined when the secret is absent, unreadable or empty: a service can use none of these. */
export function readSecret(name: string): string | undefined {
  try {
    return readFileSync(join(folder(), name), 'utf8').trim() || undefined;
  } catch {
    return undefined;
  }
}

/** Reads the secrets a service cannot do without; ends the process, naming all that are missing. */
export function requireSecrets<Name extends string>(
  ...names: readonly Name[]
): Readonly<Record<Name, string>> {
  const secrets = names.map((name) => [name, readSecret(name)] as const);
  const missing = secrets.filter(([, value]) => value === undefined).map(([name]) => name);
  if (missing.length > 0) {
    process.stderr.write(`missing or empty secret in ${folder()}: ${missing.join(', ')}\n`);
    process.exit(1);
  }
  return Object.fromEntries(secrets) as Record<Name, string>;
}
