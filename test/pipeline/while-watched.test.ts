import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { awaitRollout } from '../../src/pipeline/await-rollout.ts';
import type { Deployment } from '../../src/pipeline/step.ts';
import { whileWatched } from '../../src/pipeline/while-watched.ts';
import { DeployError } from '../../src/shared/errors.ts';
import { silentLog } from '../../src/shared/recording-log.ts';
import type { SwarmTask } from '../../src/shared/swarm.ts';
import { release } from '../fakes/inputs.ts';
import { node, service, task } from '../fakes/swarm.ts';

const web = service('shop_web', { update: { state: 'completed', message: '' } });
const running = task({ id: 't1', serviceId: web.id, nodeId: 'id-m1' });
const failed = { ...running, state: 'failed', desiredState: 'shutdown', error: 'task: non-zero exit (1)' };
const next = { ...running, id: 't2' };

/** A release that has converged; `tasks` are what Swarm says from then on. */
async function convergedRelease(controller = new AbortController()) {
  const scene = { services: [web], tasks: [running] as readonly SwarmTask[] };
  const deployment = {
    release: release(),
    tools: {
      swarm: {
        readServices: async () => scene.services,
        readTasks: async () => scene.tasks,
        readNodes: async () => [node('m1')],
        readTaskLog: async () => ['no luck'],
      },
      log: silentLog,
      mask: (text: string) => text,
      signal: controller.signal,
    },
    outputs: { digests: {}, before: { services: [], templates: [], taskIds: new Set() }, deployed: [web] },
  } as unknown as Deployment;
  const converged = await awaitRollout(deployment, { names: ['shop_web'], areGood: () => true });
  return { scene, deployment: { ...deployment, outputs: { ...deployment.outputs, converged } } };
}

test('returns what the work is done for, with the services converged', async () => {
  const { deployment } = await convergedRelease();
  let isDone = false;
  await whileWatched(deployment, async () => {
    await sleep(20);
    isDone = true;
  });
  expect(isDone).toBe(true);
});

test('a task that ends meanwhile takes the verdict back at once, with its cause, and aborts the work', async () => {
  const { scene, deployment } = await convergedRelease();
  let reason: unknown;
  const watched = whileWatched(deployment, async ({ tools: { signal } }) => {
    scene.tasks = [failed, next];
    await sleep(60_000, undefined, { signal }).catch((error) => {
      reason = error;
      throw error;
    });
  });
  await expect(watched).rejects.toMatchObject({
    code: 'NOT_CONVERGED',
    message: 'the release did not stay up',
    details: expect.arrayContaining([
      'shop_web: a task ended after the service had converged: task: non-zero exit (1)',
      '  | no luck',
    ]),
  });
  expect(reason).toBeDefined();
});

test('a task that ends between convergence and the work, or with the work, counts', async () => {
  const before = await convergedRelease();
  before.scene.tasks = [failed, next];
  await expect(whileWatched(before.deployment, async () => {})).rejects.toMatchObject({
    code: 'NOT_CONVERGED',
  });
  const after = await convergedRelease();
  const work = async () => {
    after.scene.tasks = [failed, next];
  };
  await expect(whileWatched(after.deployment, work)).rejects.toMatchObject({ code: 'NOT_CONVERGED' });
});

test('fails when a service is removed meanwhile, and aborts the work', async () => {
  const { scene, deployment } = await convergedRelease();
  const watched = whileWatched(deployment, async ({ tools: { signal } }) => {
    scene.services = [];
    await sleep(60_000, undefined, { signal });
  });
  await expect(watched).rejects.toMatchObject({
    code: 'NOT_CONVERGED',
    message: expect.stringContaining('shop_web'),
  });
});

test('a task that moves is waited for before the verdict', async () => {
  const { scene, deployment } = await convergedRelease();
  const moved = { ...running, state: 'shutdown', desiredState: 'shutdown' };
  let isThere = false;
  await whileWatched(deployment, async () => {
    scene.tasks = [moved, { ...next, state: 'preparing' }];
    setTimeout(() => {
      scene.tasks = [moved, next];
      isThere = true;
    }, 300);
  });
  expect(isThere).toBe(true);
});

test.each([
  ['UNHEALTHY', [running], 'UNHEALTHY'],
  ['HEALTH_UNKNOWN', [running], 'HEALTH_UNKNOWN'],
  ['HEALTH_UNKNOWN', [failed], 'NOT_CONVERGED'],
] as const)('work that fails with %s is told by itself, or by a task: %#', async (code, tasks, expected) => {
  const { scene, deployment } = await convergedRelease();
  const work = async () => {
    scene.tasks = tasks;
    throw new DeployError(code, 'no answer');
  };
  await expect(whileWatched(deployment, work)).rejects.toMatchObject({ code: expected });
});

test('a run that is stopped stops the watch and the work', async () => {
  const controller = new AbortController();
  const { deployment } = await convergedRelease(controller);
  const watched = whileWatched(deployment, async ({ tools: { signal } }) => {
    controller.abort(new Error('stopped'));
    await sleep(60_000, undefined, { signal });
  });
  await expect(watched).rejects.toThrow();
});
