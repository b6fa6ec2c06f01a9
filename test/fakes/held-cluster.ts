import type { HeldCluster } from '../../src/shared/held-cluster.ts';

/** The only cluster that there is. */
export const heldCluster: HeldCluster = {
  id: 'cluster-1',
  holdLock: () => ({ [Symbol.dispose]: () => {} }),
  accept: async () => {},
  remember: async () => {},
};
