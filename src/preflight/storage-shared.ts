import { judgeLocalStorage, STORAGE_HINT } from '../plan/release/plan-storage.ts';
import { DeployError } from '../shared/errors.ts';
import type { Check } from './check.ts';

/** A local volume serves several replicas only where there is one node to run them. */
export const storageShared: Check = {
  name: 'uploads are seen by every replica',
  async run({ release, nodes }) {
    const spread = judgeLocalStorage(release);
    if (spread.length === 0 || nodes.filter(({ usable }) => usable).length < 2) return;
    throw new DeployError('CONFIG_INVALID', spread.join('; '), { hint: STORAGE_HINT });
  },
};
