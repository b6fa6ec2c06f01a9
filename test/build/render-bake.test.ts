import { expect, test } from 'vitest';
import {
  parseBakeMetadata,
  type ReadyBuild,
  renderBake,
  secretVariable,
} from '../../src/build/render-bake.ts';
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

test.each([
  ['hi ${USER}', 'hi $${USER}'],
  ['%{x}', '%%{x}'],
  ['$${x}', '$$${x}'],
  ['%%{x}', '%%%{x}'],
  ['$USER $$ % {x} \\"', '$USER $$ % {x} \\"'],
])('bake, which reads templates, is given %s as what it reads so', (text, escaped) => {
  const change = { args: { A: text }, labels: { [text]: text }, folder: text, target: text };
  expect(renderBake(ready(change), { latest: false }).target.api).toMatchObject({
    args: { A: escaped },
    labels: { [escaped]: escaped },
    context: escaped,
    target: escaped,
  });
});

test("a secret comes from buildx's environment, under the build's own variable", () => {
  const secrets = [{ id: 'npm-token', value: undefined }];
  const { target } = renderBake(ready({ name: 'my.api', secrets }), { latest: false });
  expect(target.my_0x2eapi?.secret).toEqual([
    expect.stringMatching(/^id=npm-token,env=WAGGLE_BUILD_[0-9a-f]+$/),
  ]);
});

test('no two services are one target, and no two secrets one variable', () => {
  const names = ['my.api', 'my_api', 'my-api', 'my_0x2eapi', 'my..api', 'my._api'];
  const all = names.flatMap((name) => ready({ name, image: `r.io/${name}:1` }));
  const { target, group } = renderBake(all, { latest: false });
  expect(Object.values(target).map(({ tags }) => tags)).toEqual(names.map((name) => [`r.io/${name}:1`]));
  expect(Object.keys(target).every((name) => /^[\w-]+$/.test(name))).toBe(true);
  expect(group.default.targets).toEqual(Object.keys(target));
  const pushed = Object.keys(target).map((name) => [name, { 'containerimage.digest': `sha256:${name}` }]);
  const digests = parseBakeMetadata(JSON.stringify(Object.fromEntries(pushed)), all);
  expect(new Set(Object.values(digests)).size).toBe(names.length);
  const pairs = [
    ['a_b', 'c'],
    ['a', 'b_c'],
    ['a-b', 'c'],
    ['a.b', 'c'],
    ['a', 'b-c'],
  ] as const;
  expect(new Set(pairs.map(([name, id]) => secretVariable({ name }, id))).size).toBe(pairs.length);
});
