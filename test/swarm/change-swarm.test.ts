import type Docker from 'dockerode';
import { expect, test } from 'vitest';
import { guarded } from '../../src/shared/retry-on-disconnect.ts';
import { swarmChanges } from '../../src/swarm/change-swarm.ts';

test('a service is changed in the version that was read before the lock was confirmed, each time', async () => {
  const done: string[] = [];
  let version = 7;
  const service = {
    inspect: async () => {
      done.push('read');
      return { Version: { Index: version++ } };
    },
    update: async (_auth: unknown, { _query }: { _query: { version: number } }) => {
      done.push(`update ${_query.version}`);
      if (_query.version === 7)
        throw Object.assign(new Error(), { statusCode: 500, json: { message: 'update out of sequence' } });
    },
  };
  const docker = { getService: () => service } as unknown as Docker;
  const { updateService } = swarmChanges(docker, async () => undefined);
  const confirm = async () => void done.push('confirm');
  await guarded(confirm, () => updateService('s1', { Name: 'shop_api' }));
  expect(done).toEqual(['read', 'confirm', 'update 7', 'read', 'confirm', 'update 8']);
  const lost = guarded(
    async () => {
      throw new Error('lost');
    },
    () => updateService('s1', { Name: 'shop_api' }),
  );
  await expect(lost).rejects.toThrow('lost');
  expect(done.at(-1)).toBe('read');
});
