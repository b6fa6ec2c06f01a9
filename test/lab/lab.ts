import { labUp as up } from '../../src/lab/lab.ts';
import type { Progress } from '../../src/lab/progress.ts';
import type { Lab } from '../../src/lab/topology.ts';

/** `test-1`, `test-2`: each worker of the e2e tests has a lab of its own. */
export const labName = (worker = process.env.VITEST_POOL_ID) =>
  [process.env.WAGGLE_LAB ?? 'default', worker].filter(Boolean).join('-');

/** The worker's. */
export const labUp = (progress?: Progress): Promise<Lab> => up(labName(), progress);
