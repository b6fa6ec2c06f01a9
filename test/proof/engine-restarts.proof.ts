// Proves: an engine that is restarted in the middle of a rollout, for which Swarm stops or goes back, leaves no half of one.
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { until } from '../../src/lab/engine.ts';
import type { Machine } from '../../src/lab/machine.ts';
import { FAILURES } from '../../src/shared/errors.ts';
import { findResidue, readOpenRecords, readRollout } from '../lab/cluster.ts';
import { killEngine, restartEngine } from '../lab/faults.ts';
import { labUp } from '../lab/lab.ts';
import { reset } from '../lab/reset.ts';
import { SlowRollout } from '../lab/slow-rollout.ts';

/** The containers of an engine that was killed end when it comes back: to Swarm, tasks that failed. */
const lab = await labUp();
const slow = new SlowRollout(lab);

beforeAll(() => slow.setUp());
beforeEach(() => until('no other leader is elected', () => slow.isCalm()));
afterAll(() => reset(lab));
afterEach(async () => expect(await findResidue(lab), 'credentials left behind').toEqual([]));

/** So that its engine has the first new task. */
const onNode = ({ name }: Machine) => `placement: { constraints: ["node.hostname == ${name}"] }`;

test.each([
  ['pause', 'Swarm paused its update'],
  ['rollback', 'Swarm rolled it back'],
])('failure_action: %s, max_failure_ratio: 0: it is told, and all is as it was', async (action, said) => {
  const node = await slow.findOther();
  const update = `{ parallelism: 1, delay: 1s, monitor: 60s, failure_action: ${action}, max_failure_ratio: 0 }`;
  await slow.deployNext({ placement: onNode(node) });
  const before = await readRollout(lab);
  const restart = async () => {
    await killEngine(node);
    await restartEngine(node);
  };
  const change = { update, placement: onNode(node) };
  const { code, stdout, stderr } = await slow.deployAnd(restart, {}, change);
  expect(code, stdout + stderr).toBe(FAILURES.NOT_CONVERGED);
  expect(stderr).toContain(`probe_web: ${said}`);
  await until('it is back', () => slow.isHealthy());
  expect(await readRollout(lab)).toEqual(before);
  expect(await readOpenRecords(lab)).toEqual([]);
});
