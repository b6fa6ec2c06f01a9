import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { storeRecord } from '../../../src/pipeline/history/store.ts';
import { ConnectionLost, DeployError } from '../../../src/shared/errors.ts';
import { fakeRecords } from '../../fakes/records.ts';

/** Four configs. */
const LARGE = {
  stack: 'shop',
  name: 'shop.waggle.j.20261121000000',
  labels: {},
  value: randomBytes(3_100_000).toString('base64'),
} as const;

/** Refuses one record, a moment after it was asked for. */
function refusing(refused: string, error: Error = new DeployError('DEPLOY_FAILED', 'refused')) {
  const swarm = fakeRecords();
  const { createRecord } = swarm;
  swarm.createRecord = async (record) => {
    if (record.name !== refused) return createRecord(record);
    await new Promise((done) => setTimeout(done, 5));
    throw error;
  };
  return swarm;
}

test.each(['', '.1', '.3'])('a record whose piece "%s" is refused leaves nothing', async (piece) => {
  const swarm = refusing(`${LARGE.name}${piece}`);
  await expect(storeRecord(swarm, LARGE)).rejects.toMatchObject({ code: 'DEPLOY_FAILED' });
  expect([...swarm.all.values()]).toEqual([]);
});

test('a record whose name is taken leaves what has the name, and nothing of its own', async () => {
  const swarm = fakeRecords();
  const theirs = await swarm.createRecord({ name: LARGE.name, labels: {}, data: Buffer.of() });
  await expect(storeRecord(swarm, LARGE)).rejects.toMatchObject({ code: 'DEPLOY_FAILED' });
  expect([...swarm.all.values()]).toEqual([theirs]);
});

test('a large record is several configs, the first one first', async () => {
  const swarm = fakeRecords();
  const pieces = await storeRecord(swarm, LARGE);
  expect(pieces.map(({ name }) => name)).toEqual(['', '.1', '.2', '.3'].map((end) => LARGE.name + end));
});

test('pieces stay when nobody knows whether the first one was made', async () => {
  const swarm = refusing(LARGE.name, new ConnectionLost('no answer'));
  await expect(storeRecord(swarm, LARGE)).rejects.toThrow('no answer');
  expect(swarm.all.size).toBe(3);
});
