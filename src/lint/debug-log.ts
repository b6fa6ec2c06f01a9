import { findVariable, type Rule } from './rule.ts';

export const debugLog: Rule = {
  id: 'debug-log',
  level: 'warning',
  reason: 'debug logs fill disks, and contain tokens and personal data',
  summary: ['logs at debug level', 'log at debug level'],
  find: (context) =>
    findVariable(
      context,
      'LOG_LEVEL',
      (value) => /^(debug|trace)$/i.test(value),
      'is debug: logs fill the disk and hold what they should not, use info',
    ),
};
