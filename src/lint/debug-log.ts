import { findVariable, type Rule } from './rule.ts';

export const debugLog: Rule = {
  id: 'debug-log',
  level: 'warning',
  reason: 'debug logs fill disks, and hold tokens and personal data',
  find: (scene) =>
    findVariable(
      scene,
      'LOG_LEVEL',
      (value) => /^(debug|trace)$/i.test(value),
      'is debug: logs fill the disk and hold what they should not, use info',
    ),
};
