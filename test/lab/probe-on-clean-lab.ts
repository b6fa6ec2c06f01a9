import { afterAll, beforeAll } from 'vitest';
import type { Lab } from '../../src/lab/topology.ts';
import { labUp } from './lab.ts';
import { Operator } from './operator.ts';
import { Probe } from './probe.ts';
import { reset } from './reset.ts';

interface Scene {
  readonly lab: Lab;
  readonly operator: Operator;
  readonly probe: Probe;
}

/** For a proof: an operator with a small stack that is not deployed yet, in a lab that is clean before and after. */
export async function probeOnCleanLab(): Promise<Scene> {
  const lab = await labUp();
  const operator = new Operator(lab);
  const probe = new Probe(operator);
  beforeAll(async () => {
    await reset(lab);
    await operator.checkOut();
    await probe.setUp();
  });
  afterAll(() => reset(lab));
  return { lab, operator, probe };
}
