import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import type { Lab } from '../../src/lab/topology.ts';
import { findResidue, readOpenRecords } from './cluster.ts';
import type { Kind } from './kill-points.ts';
import { labUp } from './lab.ts';
import { reset } from './reset.ts';
import { TwoOperators } from './two-operators.ts';

/** For a proof: two operators with a stack that runs, in a lab that is clean before and after. No test leaves anything. */
export async function twoOnCleanLab(kind?: Kind): Promise<{ readonly lab: Lab; readonly two: TwoOperators }> {
  const lab = await labUp();
  const two = new TwoOperators(lab, kind);
  beforeAll(async () => {
    await reset(lab);
    await two.setUp();
  });
  afterAll(() => reset(lab));
  afterEach(async () => {
    expect(await findResidue(lab), 'credentials left behind').toEqual([]);
    expect(await readOpenRecords(lab), 'locks and journals left behind').toEqual([]);
  });
  return { lab, two };
}
