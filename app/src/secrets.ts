import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Reads the secrets a service cannot do without; ends the process, naming all that are missing. */
export function requireSecrets(...names: readonly string[]): Readonly<Record<string, string>> {
  const folder = process.env.SECRETS_DIR ?? '/run/secrets';
  const missing: string[] = [];
  const secrets = names.map((name) => {
    try {
      return [name, readFileSync(join(folder, name), 'utf8').trim()];
    } catch {
      missing.push(name);
      return [name, ''];
    }
  });
  if (missing.length > 0) {
    process.stderr.write(`cannot read secret ${missing.join(', ')} in ${folder}\n`);
    process.exit(1);
  }
  return Object.fromEntries(secrets);
}
