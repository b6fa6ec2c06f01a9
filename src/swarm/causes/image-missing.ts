import type { Cause } from './cause.ts';

export const imageMissing: Cause = {
  name: 'image missing',
  explain: ({ task: { error, image } }) =>
    /no such image|pull access denied|manifest unknown/i.test(error)
      ? `the node cannot pull ${image}: check that it is pushed, and that the login in deploy/registry.env may pull it`
      : undefined,
};
