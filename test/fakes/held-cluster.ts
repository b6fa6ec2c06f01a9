import type { PinnedCluster } from '../../src/shared/pinned-cluster.ts';

/** The only cluster that there is. */
export const heldCluster: PinnedCluster = {
  id: 'cluster-1',
  holdLock: () => ({ [Symbol.dispose]: () => {} }),
  accept: async () => {},
  remember: async () => {},
};
