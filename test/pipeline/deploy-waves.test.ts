import { expect, test } from 'vitest';
import type { Deployment } from '../../src/pipeline/step.ts';
import { deployWaves } from '../../src/pipeline/steps/deploy-waves.ts';
import { silentLog } from '../../src/shared/chronicle.ts';
import type { SwarmService } from '../../src/shared/swarm.ts';
import { release } from '../fakes/inputs.ts';
import { maskOf } from '../fakes/mask.ts';
import { node, service, task } from '../fakes/swarm.ts';

const STACK = `
services:
  db: { image: "postgres:17" }
  api: { image: "redis:7", depends_on: [db] }
`;
const of = (image: string, update?: string) =>
  service('shop_db', {
    spec: { Name: 'shop_db', TaskTemplate: { ContainerSpec: { Image: image } } },
    update: update ? { state: update, message: 'a task failed' } : undefined,
  });

/** The services of a look are asked for once before the first one. */
function deploymentOf(swarm: object, services: readonly SwarmService[]): Deployment {
  return {
    release: release({}, STACK, { objects: {} }),
    facts: { services, reusable: {} },
    holder: { id: 'me' },
    tools: {
      swarm: { readNodes: async () => [node('m1')], readTaskLog: async () => [], ...swarm },
      log: silentLog,
      mask: maskOf('hunter2'),
      signal: new AbortController().signal,
      logins: async () => [],
      remote: { run: async () => ({ exitCode: 0, stdout: '', stderr: '' }) },
    },
    learned: {
      digests: { 'postgres:17': 'sha256:1', 'redis:7': 'sha256:2' },
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
      'shop_db: it differs from what ran before: image postgres:16 -> postgres:17',
    ]),
  });
});

test('the next wave does not begin before a new service has stayed up: one on every node has no task at first', async () => {
  const spec = { Name: 'shop_db', Mode: { Global: {} }, UpdateConfig: { Monitor: 2e9 } };
  const db = service('shop_db', { wanted: 0, spec });
  const lost = ['t1', 't2', 't3'].map((id) => task({ id, serviceId: db.id, state: 'failed' }));
  let looks = 0;
  const swarm = { readServices: async () => [db], readTasks: async () => (looks++ === 0 ? [] : lost) };
  await expect(deployWaves.run(deploymentOf(swarm, []))).rejects.toMatchObject({
    code: 'NOT_CONVERGED',
    message: expect.stringContaining('shop_db: it will not come up'),
  });
});
