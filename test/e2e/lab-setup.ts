import { labDown, labUp } from '../lab/lab.ts';
import { Operator } from '../lab/operator.ts';
import { reset } from '../lab/reset.ts';

/** Before all e2e tests: a clean lab with the CLI installed. After: nothing, unless WAGGLE_LAB_KEEP=1. */
export async function setup(): Promise<void> {
  const lab = await labUp();
  await Promise.all([reset(lab), new Operator(lab).installWaggle()]);
}

export async function teardown(): Promise<void> {
  if (process.env.WAGGLE_LAB_KEEP !== '1') await labDown();
}
