import { expect, test } from 'vitest';
import { parseBakeMetadata, renderBake } from '../../src/build/render-bake.ts';
import { release } from '../fakes/inputs.ts';

const { builds } = release();
const contextOf = (path: string) => `/project/${path}`;

test('one target for each image, for the platforms of the nodes', () => {
  expect(renderBake(builds, ['linux/amd64'], { latest: false, contextOf })).toEqual({
    group: { default: { targets: ['api'] } },
    target: {
      api: {
        context: '/project/..',
        dockerfile: 'Dockerfile',
        target: 'api',
        args: { VERSION: 'abc1234' },
        tags: ['r.io/team/api:abc1234'],
        platforms: ['linux/amd64'],
      },
    },
  });
});

test('latest beside the tag, and platforms of a build of its own', () => {
  const own = builds.map((build) => ({ ...build, image: 'r.io:5000/api:1', platforms: ['linux/arm64'] }));
  const { target } = renderBake(own, ['linux/amd64'], { latest: true, contextOf });
  expect(target.api).toMatchObject({
    tags: ['r.io:5000/api:1', 'r.io:5000/api:latest'],
    platforms: ['linux/arm64'],
  });
});

test('digests are what was pushed, or nothing is deployed', () => {
  const metadata = JSON.stringify({ api: { 'containerimage.digest': 'sha256:aa' } });
  expect(parseBakeMetadata(metadata, builds)).toEqual({ 'r.io/team/api:abc1234': 'sha256:aa' });
  expect(() => parseBakeMetadata('{}', builds)).toThrow('no digest for api');
});
