import type { TestProject } from 'vitest/node';
import { ensureEngine } from '../../src/lab/engine.ts';
import { ensureImages } from '../../src/lab/images.ts';
import { installWaggle } from '../../src/lab/install-waggle.ts';
import { labDown, labUp } from '../../src/lab/lab.ts';
import { labName } from './lab.ts';
import { REPOSITORY } from './operator.ts';

let names: readonly string[] = [];

/** Before tests on labs, which clean their own: for each worker one with the CLI. After: nothing, unless WAGGLE_LAB_KEEP=1. */
export async function setup({ config }: TestProject): Promise<void> {
  names = Array.from({ length: Number(config.maxWorkers) }, (_, at) => labName(String(at + 1)));
  // Once for all.
  await ensureImages(await ensureEngine());
  const labs = await Promise.all(names.map((name) => labUp(name)));
  const operators = labs.flatMap(({ workstation, laptop }) => [workstation, laptop]);
  await installWaggle(operators, REPOSITORY);
}

export async function teardown(): Promise<void> {
  if (process.env.WAGGLE_LAB_KEEP === '1') return;
  for (const name of names) await labDown(name);
}
