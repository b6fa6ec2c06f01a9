import type { TestProject } from 'vitest/node';
import { labDown, labUp } from '../../src/lab/lab.ts';
import { labName } from './lab.ts';
import { Operator } from './operator.ts';
import { reset } from './reset.ts';

let names: readonly string[] = [];

/** Before all e2e tests: for each worker a clean lab with the CLI installed. After: nothing, unless WAGGLE_LAB_KEEP=1. */
export async function setup({ config }: TestProject): Promise<void> {
  names = Array.from({ length: Number(config.maxWorkers) }, (_, at) => labName(String(at + 1)));
  const [first = '', ...others] = names;
  // The first one makes the images for all.
  await prepare(first);
  await Promise.all(others.map(prepare));
}

async function prepare(name: string): Promise<void> {
  const lab = await labUp(name);
  const install = [lab.workstation, lab.laptop].map((machine) => new Operator(lab, machine).installWaggle());
  await Promise.all([reset(lab), ...install]);
}

export async function teardown(): Promise<void> {
  if (process.env.WAGGLE_LAB_KEEP === '1') return;
  for (const name of names) await labDown(name);
}
