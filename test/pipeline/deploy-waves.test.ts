import { expect, test } from 'vitest';
import type { Deployment } from '../../src/pipeline/step.ts';
import { deployWaves } from '../../src/pipeline/steps/deploy-waves.ts';
import { silentLog } from '../../src/shared/chronicle.ts';
import { release } from '../fakes/inputs.ts';
import { node, service, task } from '../fakes/swarm.ts';

const STACK = `
services:
  db: { image: "postgres:17" }
  api: { image: "redis:7", depends_on: [db] }
secrets: { secret_key: { external: true, name: "\${SECRET_KEY_SECRET}" } }
`;
const of = (image: string, update?: string) =>
  service('shop_db', {
    spec: { Name: 'shop_db', TaskTemplate: { ContainerSpec: { Image: image } } },
    update: update ? { state: update, message: 'a task failed' } : undefined,
  });

test('an early wave that Swarm has rolled back is told by what was pushed, not by what it is again', async () => {
  const [old, pushed] = [of('postgres:16'), of('postgres:17')];
  let looks = 0;
  const swarm = {
    readServices: async () => [looks++ === 0 ? pushed : of('postgres:16', 'rollback_completed')],
    readTasks: async () => [task({ serviceId: old.id, state: 'failed', exitCode: 1 })],
    readNodes: async () => [node('m1')],
    readTaskLog: async () => [],
  };
  const deployment = {
    release: release({}, STACK),
    facts: { services: [old] },
    tools: {
      swarm,
      log: silentLog,
      mask: (text: string) => text,
      signal: new AbortController().signal,
      logins: async () => [],
      remote: { run: async () => ({ exitCode: 0, stdout: '', stderr: '' }) },
    },
    learned: { digests: {}, before: { services: [old], taskIds: new Set() } },
  } as unknown as Deployment;
  await expect(deployWaves.run(deployment)).rejects.toMatchObject({
    code: 'NOT_CONVERGED',
    details: expect.arrayContaining([
      'shop_db: it differs from what ran before: image postgres:16 -> postgres:17',
    ]),
  });
});
