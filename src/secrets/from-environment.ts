import { SECRET_PREFIX } from '../config/inputs.ts';
import { Secret } from '../shared/secret.ts';
import type { Source } from './source.ts';

/** WAGGLE_SECRET_POSTGRES_PASSWORD is the secret postgres_password: for CI, whose secrets are variables. */
export const fromEnvironment: Source = {
  name: 'environment',
  find: ({ environment }) => ({
    origins: Object.entries(environment)
      .filter(([name]) => name.startsWith(SECRET_PREFIX))
      .map(([name, value]) => ({
        key: name.slice(SECRET_PREFIX.length).toLowerCase(),
        source: 'environment',
        from: name,
        place: name,
        isLocal: true,
        read: async () => {
          if (value === '') throw new Error('is empty: a secret of CI that is not set arrives so');
          return new Secret(value);
        },
      })),
    problems: [],
  }),
};
