import { expect, test } from 'vitest';
import { swarmClient } from '../../src/swarm/client.ts';

const LOGIN = { serveraddress: 'r.io', username: 'me', password: 'hunter2' };
const FOUND = { Descriptor: { digest: 'sha256:aa' }, Platforms: [{ os: 'linux', architecture: 'amd64' }] };

/** A manager whose registry answers with these statuses, then well. */
function clientOf(statuses: number[]) {
  let asked = 0;
  const distribution = async () => {
    asked++;
    const statusCode = statuses.shift();
    if (statusCode !== undefined) throw Object.assign(new Error(`status ${statusCode}`), { statusCode });
    return FOUND;
  };
  const docker = { getImage: () => ({ distribution }) };
  return { client: swarmClient(docker as never, LOGIN), count: () => asked };
}

test.each([
  ['broken for a moment', [500], 2],
  ['busy, then broken', [429, 503], 3],
])('a registry that is %s is asked again', async (_what, statuses, asked) => {
  const { client, count } = clientOf(statuses);
  expect((await client.readImage('r.io/a:1')).digest).toBe('sha256:aa');
  expect(count()).toBe(asked);
});

test.each([[401], [403], [404]])('one that answers %d is not', async (status) => {
  const { client, count } = clientOf([status]);
  await expect(client.readImage('r.io/a:1')).rejects.toMatchObject({ code: 'REGISTRY_REFUSED' });
  expect(count()).toBe(1);
});
