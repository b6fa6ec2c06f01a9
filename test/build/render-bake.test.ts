import { expect, test } from 'vitest';
import { parseBakeMetadata, type ReadyBuild, renderBake } from '../../src/build/render-bake.ts';
import { release } from '../fakes/inputs.ts';

const { builds } = release();
const ready = (change: Partial<ReadyBuild> = {}): readonly ReadyBuild[] =>
  builds.map((build) => ({
    ...build,
    folder: '/project',
    platforms: ['linux/amd64'],
    labels: { 'org.opencontainers.image.revision': 'abc' },
    ...change,
  }));

test('one target for each image', () => {
  expect(renderBake(ready(), { latest: false })).toEqual({
    group: { default: { targets: ['api'] } },
    target: {
      api: {
        context: '/project',
        dockerfile: 'Dockerfile',
        target: 'api',
        args: { VERSION: 'abc1234' },
        labels: { 'org.opencontainers.image.revision': 'abc' },
        tags: ['r.io/team/api:abc1234'],
        platforms: ['linux/amd64'],
      },
    },
  });
});

test('how it is built is passed on: caches, the ssh agent', () => {
  const how = { 'cache-from': ['type=gha'], ssh: ['default'], 'no-cache': true };
  expect(renderBake(ready({ how }), { latest: false }).target.api).toMatchObject(how);
});

test('latest beside the tag', () => {
  const { target } = renderBake(ready({ image: 'r.io:5000/api:1' }), { latest: true });
  expect(target.api?.tags).toEqual(['r.io:5000/api:1', 'r.io:5000/api:latest']);
});

test('digests are what was pushed, or nothing is deployed', () => {
  const metadata = JSON.stringify({ api: { 'containerimage.digest': 'sha256:aa' } });
  expect(parseBakeMetadata(metadata, builds)).toEqual({ 'r.io/team/api:abc1234': 'sha256:aa' });
  expect(() => parseBakeMetadata('{}', builds)).toThrow('no digest for api');
});

test("a secret comes from buildx's environment, under the build's own variable", () => {
  const secrets = [{ id: 'npm-token', value: undefined }];
  const { target } = renderBake(ready({ name: 'my.api', secrets }), { latest: false });
  expect(target.my_api?.secret).toEqual(['id=npm-token,env=WAGGLE_BUILD_my_api_npm_token']);
});
