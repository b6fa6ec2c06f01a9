import { expect, test } from 'vitest';
import { type Lab, REGISTRY } from '../../src/lab/topology.ts';
import { findResidue, readOpenRecords } from './cluster.ts';
import type { Operator } from './operator.ts';
import { reset } from './reset.ts';
import { tellLab } from './tell-lab.ts';

/** So long a test may take that waits for all there is to wait for, on a machine that is busy with something else. */
const MOST_MS = 30 * 60_000;

/**
 * A test on the lab that guards what `waggle` is for. It begins from a state that it asks for and leaves no credential,
 * lock or journal. One that fails is tried once more from a clean lab, which test/lab/summary.ts then tells; its error
 * says what the lab looked like.
 */
export const scenarios =
  (lab: Lab, operators: readonly Operator[]) => (name: string, body: () => Promise<void>) =>
    test(name, { retry: 1, timeout: MOST_MS }, async ({ task }) => {
      if (task.result?.retryCount) await reset(lab);
      try {
        await body();
        await expectNothingLeft(lab, operators);
      } catch (error) {
        throw withNote(error, await tellLab(lab, operators));
      }
    });

async function expectNothingLeft(lab: Lab, operators: readonly Operator[]): Promise<void> {
  expect(await findResidue(lab), 'credentials left behind').toEqual([]);
  expect(await readOpenRecords(lab), 'locks and journals left behind').toEqual([]);
  const said = operators.map((operator) => operator.said).join('\n');
  for (const value of ['hunter2', REGISTRY.password])
    expect(said.includes(value), `${value} in the output`).toBe(false);
}

function withNote(error: unknown, note: string): unknown {
  if (error instanceof Error) error.message += `\n${note}`;
  return error;
}
