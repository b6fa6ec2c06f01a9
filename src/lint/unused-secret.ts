import type { Rule } from './rule.ts';

export const unusedSecret: Rule = {
  id: 'unused-secret',
  level: 'warning',
  reason: 'no service gets the secret: its name is misspelled, or the file is left over',
  summary: ['is not used', 'are not used'],
  find: ({ values }) => values.unused,
};
