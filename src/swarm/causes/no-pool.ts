import type { Cause } from './cause.ts';

export const noPool: Cause = {
  name: 'no pool',
  explain: ({ task: { error } }) =>
    /non-overlapping IPv\d address pool|address pools have been fully subnetted/i.test(error)
      ? 'there is no range of addresses left for a network: remove networks that nobody uses (`docker network prune` on the node), or widen `default-address-pools`'
      : undefined,
};
