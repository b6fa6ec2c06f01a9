import { join, parse } from 'node:path';
import { readBytes } from '../shared/read-file.ts';
import { Secret } from '../shared/secret.ts';
import type { Source } from './source.ts';

/** deploy/secrets/postgres_password.txt is the secret postgres_password, byte for byte. */
export const fromFile: Source = {
  name: 'file',
  find: ({ secretFiles, path, folder }) => ({
    origins: secretFiles
      .filter(({ file }) => !file.endsWith('.age'))
      .map(({ file }) => ({
        key: parse(file).name,
        source: 'file',
        from: file,
        place: join(folder, file),
        isLocal: true,
        read: async () => new Secret((await readBytes(join(path, file))) ?? ''),
      })),
    problems: [],
  }),
};
