import type { Cause } from './cause.ts';

export const userMissing: Cause = {
  name: 'user missing',
  explain({ task: { error } }) {
    const [, kind, name = ''] = /unable to find (user|group) (\S+?):/.exec(error) ?? [];
    return kind && `its image has no ${kind} ${name}: look at user:, and at the Dockerfile`;
  },
};
