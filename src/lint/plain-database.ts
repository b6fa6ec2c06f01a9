import { findVariable, type Rule } from './rule.ts';

export const plainDatabase: Rule = {
  id: 'plain-database',
  level: 'warning',
  reason: 'without TLS, everyone on the network path can read the queries and their results',
  summary: ['reaches its database without TLS', 'reach their database without TLS'],
  find: (context) =>
    findVariable(
      context,
      'DB_SSLMODE',
      (value) => value === 'disable',
      'is disable: passwords and data cross the network in clear, use require',
    ),
};
