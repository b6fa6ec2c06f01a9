import { expect, test, vi } from 'vitest';
import { findInterruptions } from '../../../src/pipeline/history/interruptions.ts';
import { HEALTHY } from '../../../src/pipeline/history/journal.ts';
import type { Deployment, StepOutputs } from '../../../src/pipeline/step.ts';
import { closeJournal } from '../../../src/pipeline/steps/close-journal.ts';
import { keepRecord } from '../../../src/pipeline/steps/keep-record.ts';
import { openJournal } from '../../../src/pipeline/steps/open-journal.ts';
import { heldCluster } from '../../fakes/held-cluster.ts';
import { release } from '../../fakes/inputs.ts';
import { maskOf } from '../../fakes/mask.ts';
import { fakeRecords, releaseRecord } from '../../fakes/records.ts';
import { facts, service } from '../../fakes/swarm.ts';

/** A run of a stack of one service. */
function scene(outputs: Partial<StepOutputs> = {}) {
  const records = fakeRecords();
  const [api] = releaseRecord(1).services;
  const live = api ? [service('shop_api', { spec: api })] : [];
  const swarm = {
    ...records,
    readServices: async () => live,
    readNetworks: async () => [],
    readTasks: async () => [],
  };
  const log = { info: () => {}, warn: vi.fn(), told: [] };
  const read = release();
  const digests = Object.fromEntries(read.services.map(({ image }) => [image, 'sha256:aa']));
  const deployment = {
    release: { ...read, stack: 'shop' },
    facts: facts({ services: live }),
    tools: { cluster: heldCluster, swarm, log, mask: maskOf('hunter2') },
    holder: { id: 'a1', who: 'ada@laptop', since: '2026-11-21T21:54:49.756Z', what: '', isPerson: false },
    outputs: { digests, ...outputs },
  } as unknown as Deployment;
  const intents = async () => findInterruptions(await records.readRecords('shop'));
  return { deployment, swarm, records, log, intents };
}

async function opened(outputs?: Partial<StepOutputs>) {
  const { deployment, ...rest } = scene(outputs);
  const found = await openJournal.run(deployment);
  return { deployment: { ...deployment, outputs: { ...deployment.outputs, ...found } }, ...rest };
}

test('before a deploy changes anything it says what, and the stack file that it sends', async () => {
  const { intents } = await opened({ plan: ['~ api: image 1 -> 2'] });
  const [found] = await intents();
  expect(found?.intent.plan).toEqual(['~ api: image 1 -> 2']);
  expect(found?.intent.stackFile).toContain('"image": "r.io/');
});

test('before specs are pushed it is said what they change, and whose they are', async () => {
  const [api] = releaseRecord(1).services;
  const ContainerSpec = { Image: 'r.io/api:2@sha256:bb' };
  const specs = [{ ...api, Name: 'shop_api', TaskTemplate: { ContainerSpec } }];
  const desired = { specs, of: releaseRecord(1, { stackFile: 'of r1' }), isRollback: true };
  const { intents } = await opened({ desired });
  const [found] = await intents();
  expect(found?.intent.plan).toEqual([expect.stringMatching(/^shop_api: image .*:1.* -> .*:2/)]);
  expect(found?.intent.stackFile).toBe('of r1');
});

test('a release is put on record only once the journal says that it is to stay', async () => {
  const { deployment, swarm, intents } = await opened();
  vi.spyOn(swarm, 'createRecord').mockRejectedValue(new Error('killed'));
  await expect(keepRecord.run(deployment)).rejects.toThrow('killed');
  expect((await intents()).map(({ step }) => step)).toEqual([HEALTHY]);
  const other = await opened();
  vi.spyOn(other.swarm, 'relabelRecord').mockRejectedValue(new Error('no leader'));
  const create = vi.spyOn(other.swarm, 'createRecord');
  await expect(keepRecord.run(other.deployment)).rejects.toThrow('no leader');
  expect(create).not.toHaveBeenCalled();
});

test.each([
  ['is on record', 2, 0],
  ['is not on record: the next deploy settles that', undefined, 1],
])('the journal of a release that %s', async (_what, number, left) => {
  const { deployment, intents, log } = await opened();
  const outputs = { ...deployment.outputs, ...(number && { number }) };
  await closeJournal.run({ ...deployment, outputs });
  expect(await intents()).toHaveLength(left);
  expect(log.warn).toHaveBeenCalledTimes(left);
});
