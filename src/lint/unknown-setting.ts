import { basename } from 'node:path';
import { clusterSchema, registrySchema } from '../config/settings.ts';
import { suggest } from '../shared/suggest.ts';
import { type Rule, settingsOf, usesVariable } from './rule.ts';

const SETTINGS: Readonly<Record<string, readonly string[]>> = {
  // The rule pool-too-large reads the limit.
  'cluster.env': [...Object.keys(clusterSchema.shape), 'DB_CONNECTION_LIMIT'],
  'registry.env': Object.keys(registrySchema.shape),
};

export const unknownSetting: Rule = {
  id: 'unknown-setting',
  level: 'error',
  reason: 'a misspelled setting has no effect, and its default applies',
  summary: ['is not a setting', 'are not settings'],
  find: (context) =>
    settingsOf(context).flatMap(({ key, file, at }) => {
      const known = SETTINGS[basename(file)];
      if (!known || known.includes(key) || usesVariable(context, key)) return [];
      return [at(`is not a setting, and no stack file uses it${suggest(key, known)}`)];
    }),
};
