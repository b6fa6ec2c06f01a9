import { afterEach, expect, test, vi } from 'vitest';
import { Secret } from '../../src/shared/secret.ts';
import { swarmClient } from '../../src/swarm/client.ts';
import { shortenLimits } from '../fakes/pauses.ts';

afterEach(() => vi.restoreAllMocks());

const LOGIN = { serveraddress: 'r.io', username: 'me', password: 'hunter2' };
const FOUND = { Descriptor: { digest: 'sha256:aa' }, Platforms: [{ os: 'linux', architecture: 'amd64' }] };

/** A manager whose registry answers with these statuses, then well. */
function clientOf(statuses: number[], serveraddress = LOGIN.serveraddress) {
  let asked = 0;
  const logins: unknown[] = [];
  const distribution = async ({ authconfig }: { authconfig?: { username: string } }) => {
    asked++;
    logins.push(authconfig?.username);
    const statusCode = statuses.shift();
    if (statusCode !== undefined) throw Object.assign(new Error(`status ${statusCode}`), { statusCode });
    return FOUND;
  };
  const docker = { getImage: () => ({ distribution }) };
  return {
    client: swarmClient(docker as never, { ...LOGIN, serveraddress }, async () => []),
    count: () => asked,
    logins,
  };
}

test.each([
  ['broken for a moment', [500], 2],
  ['busy, then broken', [429, 503], 3],
])('a registry that is %s is asked again', async (_what, statuses, asked) => {
  const { client, count } = clientOf(statuses);
  expect((await client.readImage('r.io/a:1')).digest).toBe('sha256:aa');
  expect(count()).toBe(asked);
});

const DOCKER = 'application/vnd.docker.distribution.manifest.v2+json';
const OCI = 'application/vnd.oci.image.manifest.v1+json';
test.each([
  ["Docker's format", DOCKER, FOUND.Platforms, false],
  ["Docker's format, whose configuration the engine did not get", DOCKER, undefined, true],
  ["Docker's format, and an empty list", DOCKER, [], true],
  ["OCI's format, whose configuration no engine reads", OCI, undefined, false],
])('an image in %s', async (_what, mediaType, Platforms, isBroken) => {
  const distribution = async () => ({ Descriptor: { digest: 'sha256:aa', mediaType }, Platforms });
  const client = swarmClient({ getImage: () => ({ distribution }) } as never, LOGIN, async () => []);
  expect(await client.readImage('r.io/a:1')).toMatchObject({ isBroken });
});

test.each([[401], [403], [404]])('one that answers %d is not', async (status) => {
  const { client, count } = clientOf([status]);
  await expect(client.readImage('r.io/a:1')).rejects.toMatchObject({ code: 'REGISTRY_REFUSED' });
  expect(count()).toBe(1);
});

test('one that says nothing is asked again after 30 s, four times in all', async () => {
  const limits = shortenLimits();
  const distribution = vi.fn(() => new Promise(() => {}));
  const client = swarmClient({ getImage: () => ({ distribution }) } as never, LOGIN, async () => []);
  await expect(client.readImage('r.io/a:1')).rejects.toMatchObject({
    code: 'REGISTRY_REFUSED',
    message: expect.stringMatching(/: no answer within 30 s$/),
  });
  expect(distribution).toHaveBeenCalledTimes(4);
  expect(limits).toEqual([30_000, 30_000, 30_000, 30_000]);
});

test.each([
  ['r.io', 'r.io/a:1', 'me'],
  ['r.io', 'acme/a:1', undefined],
  ['r.io', 'r.io.evil/a:1', undefined],
  ['docker.io', 'acme/side:1', 'me'],
  ['docker.io', 'docker.io/acme/side:1', 'me'],
  ['docker.io', 'index.docker.io/acme/side:1', 'me'],
  ['index.docker.io', 'acme/side:1', 'me'],
  ['docker.io', 'redis:7', 'me'],
  ['docker.io', 'r.io/a:1', undefined],
])('with a login for %s, %s is looked up as %s', async (registry, image, user) => {
  const { client, logins } = clientOf([], registry);
  await client.readImage(image);
  expect(logins).toEqual([user]);
});

test.each([
  [false, { serveraddress: 'x.io', username: 'else', password: 'hunter3' }],
  [true, { serveraddress: 'x.io', username: 'else', identitytoken: 'hunter3' }],
])(
  "an image of another registry is looked up with the user's own login for it: %s",
  async (isToken, sent) => {
    const asked: unknown[] = [];
    const distribution = async (options: unknown) => {
      asked.push(options);
      return FOUND;
    };
    const other = { registry: 'x.io', username: 'else', password: new Secret('hunter3'), isToken };
    const client = swarmClient({ getImage: () => ({ distribution }) } as never, LOGIN, async () => [other]);
    for (const image of ['x.io/a:1', 'r.io/a:1', 'y.io/a:1']) await client.readImage(image);
    expect(asked).toEqual([{ authconfig: sent }, { authconfig: LOGIN }, {}]);
  },
);
