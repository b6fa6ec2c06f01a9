import type { Cause } from './cause.ts';

export const mountKind: Cause = {
  name: 'mount kind',
  explain: ({ task: { error } }) =>
    /mount a directory onto a file/i.test(error)
      ? 'it mounts a file where its image has a folder, or a folder where it has a file: look at source and target of its volumes and configs'
      : undefined,
};
