import { basename } from 'node:path';
import { type Rule, settingsOf, usesVariable } from './rule.ts';

/** Read by Waggle itself: the storage of uploads, and the limit of the database. */
const READ = /^(B2_|DB_CONNECTION_LIMIT$|DEPLOY_)/;

export const unusedVariable: Rule = {
  id: 'unused-variable',
  level: 'warning',
  reason: 'no service gets the value: its name is misspelled, or the line is left over',
  summary: ['is not used by any stack file', 'are not used by any stack file'],
  find: (context) =>
    settingsOf(context)
      .filter(
        ({ key, file }) => basename(file) === 'prod.env' && !READ.test(key) && !usesVariable(context, key),
      )
      .map(({ at }) => at('is not used by any stack file')),
};
