import type { Cause } from './cause.ts';

export const mountMissing: Cause = {
  name: 'mount missing',
  explain({ task: { error } }) {
    const [, path] = /bind source path does not exist: (\S+)/.exec(error) ?? [];
    return path && `${path} is not there on the node: make it on every node that the service may run on`;
  },
};
