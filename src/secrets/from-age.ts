import { homedir } from 'node:os';
import { join, parse, resolve } from 'node:path';
import { readBytes, readText } from '../shared/read-file.ts';
import { Secret } from '../shared/secret.ts';
import type { Source } from './source.ts';

const ARMOR = '-----BEGIN AGE ENCRYPTED FILE-----';
const DEFAULT_KEYS = '.config/age/keys.txt';

/**
 * deploy/secrets/postgres_password.txt.age may be in git: it is decrypted here, in memory. The key is in
 * WAGGLE_AGE_KEY (for CI), else in the file that WAGGLE_AGE_KEY_FILE names, else in ~/.config/age/keys.txt.
 */
export const fromAge: Source = {
  name: 'age',
  find: ({ secretFiles, environment, path, folder }) => ({
    origins: secretFiles
      .filter(({ file }) => file.endsWith('.age'))
      .map(({ file }) => ({
        key: parse(parse(file).name).name,
        source: 'age',
        from: file,
        place: join(folder, file),
        isLocal: true,
        read: async () =>
          decrypt((await readBytes(join(path, file))) ?? Buffer.alloc(0), await readIdentities(environment)),
      })),
    problems: [],
  }),
};

async function readIdentities(environment: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const { WAGGLE_AGE_KEY: key, WAGGLE_AGE_KEY_FILE: file } = environment;
  const path = file ? resolve(file) : join(homedir(), DEFAULT_KEYS);
  const text = key ?? (await readText(path));
  if (text === undefined)
    throw new Error(`there is no age key: set WAGGLE_AGE_KEY, or WAGGLE_AGE_KEY_FILE, or make ${path}`);
  return text.split(/\s+/).filter((word) => word.startsWith('AGE-SECRET-KEY-'));
}

async function decrypt(encrypted: Buffer, identities: readonly string[]): Promise<Secret> {
  const { Decrypter, armor } = await import('age-encryption');
  const decrypter = new Decrypter();
  try {
    for (const identity of identities) decrypter.addIdentity(identity);
    const isArmored = encrypted.subarray(0, ARMOR.length).toString() === ARMOR;
    const bytes = isArmored ? armor.decode(encrypted.toString()) : encrypted;
    return new Secret(Buffer.from(await decrypter.decrypt(bytes)));
  } catch {
    // The library's words are not shown: they may quote the key.
    throw new Error('cannot be decrypted: the age key does not fit, or the file is damaged');
  }
}
