import type { Cause } from './cause.ts';

export const objectMissing: Cause = {
  name: 'object missing',
  explain({ task: { error } }) {
    const [, kind, name] = /\b(secret|config|network) (\S+) (?:is )?not found/i.exec(error) ?? [];
    return kind && `the ${kind} ${name} is not in the cluster any more: somebody removed it; deploy again`;
  },
};
