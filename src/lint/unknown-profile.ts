import { basename } from 'node:path';
import { parseProfiles } from '../config/compose/profiles.ts';
import { suggest } from '../shared/suggest.ts';
import { type Rule, settingsOf } from './rule.ts';

export const unknownProfile: Rule = {
  id: 'unknown-profile',
  level: 'warning',
  reason: 'a misspelled profile leaves its services out',
  summary: ['is a profile that no service has', 'are profiles that no service has'],
  find: (context) => {
    const known = [...new Set([...context.draft.profiles.values()].flat())];
    const { PROFILES: given } = context.draft.inputs.environment;
    const inFile = settingsOf(context).filter(
      ({ key, file }) => key === 'PROFILES' && basename(file) === 'cluster.env',
    );
    const inEnvironment = {
      value: given ?? '',
      at: (message: string) => ({ file: 'environment', message: `PROFILES ${message}` }),
    };
    return [...inFile, inEnvironment].flatMap(({ value, at }) =>
      parseProfiles(value)
        .filter((name) => name !== '*' && !known.includes(name))
        .map((name) => ({
          ...at(`names ${name}, which no service has${suggest(name, known)}`),
          subject: name,
        })),
    );
  },
};
