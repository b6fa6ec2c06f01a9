import { findVariable, type Rule } from './rule.ts';

export const plainDatabase: Rule = {
  id: 'plain-database',
  level: 'warning',
  reason: 'without TLS everybody on the way reads what the database is told',
  find: (scene) =>
    findVariable(
      scene,
      'DB_SSLMODE',
      (value) => value === 'disable',
      'is disable: passwords and data cross the network in clear, use require',
    ),
};
