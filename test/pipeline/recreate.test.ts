import { expect, test } from 'vitest';
import { requireFeasible } from '../../src/pipeline/prepare.ts';
import { removeRecreated } from '../../src/pipeline/remove-recreated.ts';
import type { Deployment } from '../../src/pipeline/step.ts';
import type { DeploymentPlan } from '../../src/plan/changes/deployment-plan.ts';
import { release } from '../fakes/inputs.ts';
import { service } from '../fakes/swarm.ts';

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

test('only what the stack file makes again is removed, and what was there when the run began', async () => {
  const removed: string[] = [];
  const deployment = {
    release: release({}, 'services: { web: { image: w } }'),
    facts: { services: ['shop_web', 'shop_db', 'shop_api'].map((name) => service(name)) },
    learned: { digests: {}, recreated: ['web', 'db'] },
    tools: { swarm: { removeService: async (id: string) => void removed.push(id) } },
  } as unknown as Deployment;
  await removeRecreated(deployment, ['db', 'api']);
  expect(removed).toEqual(['id-shop_db']);
  await removeRecreated(deployment);
  expect(removed).toEqual(['id-shop_db', 'id-shop_web', 'id-shop_db']);
});
