import { expect, test } from 'vitest';
import { requireFeasible } from '../../src/pipeline/prepare.ts';
import { removeForRecreate } from '../../src/pipeline/remove-for-recreate.ts';
import type { Deployment } from '../../src/pipeline/step.ts';
import type { DeploymentPlan } from '../../src/plan/changes/deployment-plan.ts';
import { release } from '../fakes/inputs.ts';
import { node, service, task } from '../fakes/swarm.ts';

test('what is down while it is made again is made so only for somebody who said so', () => {
  const services = [{ name: 'web', action: 'recreate' }];
  const plan = { changes: { services }, unplaceable: [], missing: [] } as unknown as DeploymentPlan;
  expect(() => requireFeasible(plan, true)).not.toThrow();
  expect(() => requireFeasible(plan, false)).toThrow(
    expect.objectContaining({
      code: 'PREFLIGHT_FAILED',
      details: [expect.stringMatching(/^web: its mode changes.*--allow-recreate/)],
    }),
  );
});

/** Each look at the tasks of db sees the next of these states. Tells what was done. */
async function removeFor(names: readonly string[], states: readonly string[], nodeState = 'ready') {
  const did: string[] = [];
  const left = [...states];
  const swarm = {
    removeService: async (id: string) => void did.push(`remove ${id}`),
    readTasks: async () => {
      const state = left.shift() ?? 'shutdown';
      did.push(state);
      const ofDb = task({ serviceId: 'id-shop_db', nodeId: 'id-m1', state });
      return [
        ofDb,
        { ...ofDb, nodeId: '', state: 'pending' },
        task({ serviceId: 'id-shop_web', nodeId: 'id-m1' }),
      ];
    },
    readNodes: async () => [node('m1', { state: nodeState })],
  };
  const deployment = {
    release: release({}, 'services: { web: { image: w } }'),
    facts: { services: ['shop_web', 'shop_db', 'shop_api'].map((name) => service(name)) },
    tools: { swarm, signal: new AbortController().signal },
  } as unknown as Deployment;
  await removeForRecreate(deployment, names);
  return did;
}

test('what is in the way is gone, with its tasks, before anything takes its place', async () => {
  const did = await removeFor(['db', 'new'], ['running', 'running', 'shutdown']);
  expect(did).toEqual(['remove id-shop_db', 'running', 'running', 'shutdown']);
  expect(await removeFor(['new'], [])).toEqual([]);
});

test('a node that is down says of no task that it has ended, and is not waited for', async () => {
  expect(await removeFor(['db'], ['running', 'running'], 'down')).toEqual(['remove id-shop_db', 'running']);
});
