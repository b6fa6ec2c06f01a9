import { expect, test } from 'vitest';
import type { Deployment } from '../../src/pipeline/step.ts';
import { deployWaves } from '../../src/pipeline/steps/deploy-waves.ts';
import { planSpecs } from '../../src/plan/changes/plan-changes.ts';
import { silentLog } from '../../src/shared/recording-log.ts';
import type { ServiceSpec } from '../../src/shared/service-spec.ts';
import type { SwarmService } from '../../src/shared/swarm.ts';
import { release } from '../fakes/inputs.ts';
import { maskOf } from '../fakes/mask.ts';
import { facts, network, node, service, task } from '../fakes/swarm.ts';

const STACK = `
services:
  db: { image: "postgres:17" }
  api: { image: "redis:7", depends_on: [db] }
`;
const of = (image: string, update?: string) =>
  service('shop_db', {
    spec: specOf(STACK.replace('postgres:17', image)),
    update: update ? { state: update, message: 'a task failed' } : undefined,
  });

const DIGESTS = { 'postgres:16': 'sha256:0', 'postgres:17': 'sha256:1', 'redis:7': 'sha256:2' };
const specOf = (stack: string) =>
  planSpecs(release({}, stack, { objects: {} }), facts(), DIGESTS).get('db') as ServiceSpec;

/** The services of a look are asked for once before the first one. */
function deploymentOf(swarm: object, services: readonly SwarmService[], stack = STACK): Deployment {
  return {
    release: release({}, stack, { objects: {} }),
    facts: facts({ services }),
    holder: { id: 'me' },
    tools: {
      swarm: {
        readNetworks: async () => [{ ...network('shop_default'), id: 'shop_default' }],
        readNodes: async () => [node('m1')],
        readTaskLog: async () => [],
        ...swarm,
      },
      log: silentLog,
      mask: maskOf('hunter2'),
      signal: new AbortController().signal,
      logins: async () => [],
      remote: { run: async () => ({ exitCode: 0, stdout: '', stderr: '' }) },
    },
    outputs: {
      digests: DIGESTS,
      before: { services, templates: [], taskIds: new Set() },
    },
  } as unknown as Deployment;
}

test('an early wave that Swarm has rolled back is told by what was pushed, not by what it is again', async () => {
  const [old, pushed] = [of('postgres:16'), of('postgres:17')];
  let looks = 0;
  const swarm = {
    readServices: async () => [looks++ === 0 ? pushed : of('postgres:16', 'rollback_completed')],
    readTasks: async () => [task({ serviceId: old.id, state: 'failed', exitCode: 1 })],
  };
  await expect(deployWaves.run(deploymentOf(swarm, [old]))).rejects.toMatchObject({
    code: 'NOT_CONVERGED',
    details: expect.arrayContaining([
      'shop_db: it differs from what ran before: image postgres:16@sha256:0 -> postgres:17@sha256:1',
    ]),
  });
});

test('the next wave does not begin before a new service has stayed up: one on every node has no task at first', async () => {
  const stack = STACK.replace(
    '"postgres:17"',
    '"postgres:17", deploy: { mode: global, update_config: { monitor: 2s } }',
  );
  const spec = specOf(stack);
  const db = service('shop_db', { wanted: 0, spec });
  const lost = ['t1', 't2', 't3'].map((id) => task({ id, serviceId: db.id, state: 'failed' }));
  let looks = 0;
  const swarm = { readServices: async () => [db], readTasks: async () => (looks++ === 0 ? [] : lost) };
  await expect(deployWaves.run(deploymentOf(swarm, [], stack))).rejects.toMatchObject({
    code: 'NOT_CONVERGED',
    message: expect.stringContaining('shop_db: it will not come up'),
  });
});

test('an early wave that docker stack deploy has left as it was is no wave that has converged', async () => {
  const swarm = { readServices: async () => [of('postgres:16')], readTasks: async () => [] };
  await expect(deployWaves.run(deploymentOf(swarm, [of('postgres:16')]))).rejects.toMatchObject({
    code: 'DEPLOY_FAILED',
    details: ['shop_db differs from the plan: image'],
  });
});
