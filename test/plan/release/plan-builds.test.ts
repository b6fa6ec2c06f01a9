import { expect, test } from 'vitest';
import type { StackBuild } from '../../../src/config/stack-document.ts';
import { buildImages } from '../../../src/pipeline/steps/build-images.ts';
import { planBuilds } from '../../../src/plan/release/plan-builds.ts';
import { Secret } from '../../../src/shared/secret.ts';
import { planned } from '../../fakes/inputs.ts';

const plan = (build: StackBuild, settings: object = {}) =>
  planBuilds({ services: { api: { image: 'r.io/api', build } } }, 'v1', settings as never, []);

test('an image is built for its own platforms, or for those of the setting, and not at all with SKIP_BUILD', () => {
  const BUILD_PLATFORMS = ['linux/arm64'];
  const platforms = ['linux/amd64'];
  expect(plan({}, { BUILD_PLATFORMS })).toMatchObject([{ image: 'r.io/api:v1', platforms: BUILD_PLATFORMS }]);
  expect(plan({ platforms }, { BUILD_PLATFORMS })).toMatchObject([{ platforms }]);
  expect(plan({}, { SKIP_BUILD: true })).toEqual([]);
});

test("compose's keys become bake's", () => {
  const build = {
    context: '..',
    cache_from: ['type=gha'],
    cache_to: ['type=gha,mode=max'],
    no_cache: true,
    pull: true,
    network: 'host',
    ssh: ['default'],
  };
  const [planned] = plan(build);
  expect(planned?.how).toEqual({
    'cache-from': ['type=gha'],
    'cache-to': ['type=gha,mode=max'],
    'no-cache': true,
    pull: true,
    network: 'host',
    ssh: ['default'],
  });
});

const withSecret = (build: string, service = '') => `
services:
  api: { image: r.io/api, build: { secrets: ${build} } ${service} }
secrets:
  npm_token: { file: ./npm_token }
  theirs: { external: true }
`;
const npm = { objects: { npm_token: 'hunter2-npm' } };

test.each([
  ['[npm_token]', 'npm_token'],
  ['[{ source: npm_token, target: npm }]', 'npm'],
])('a secret of a build %s is one of the build, and none of the cluster', (build, id) => {
  const { builds, objects, document } = planned({}, withSecret(build), npm).release();
  expect(builds[0]?.secrets).toEqual([{ id, value: new Secret('hunter2-npm') }]);
  expect(builds[0]?.secrets[0]?.value?.revealText()).toBe('hunter2-npm');
  expect(objects).toEqual([]);
  expect(Object.keys(document.secrets ?? {})).toEqual(['theirs']);
});

test('a secret of a build and a service is one of both', () => {
  const { builds, objects } = planned({}, withSecret('[npm_token]', ', secrets: [npm_token]'), npm).release();
  expect(builds[0]?.secrets).toHaveLength(1);
  expect(objects.map(({ key }) => key)).toEqual(['npm_token']);
});

test('nobody is asked for a secret of a build when nothing is built', () => {
  const isIdle = (settings: Record<string, string>, service = '') =>
    planned({ environment: settings }, withSecret('[npm_token]', service)).draft.objects.map(
      (object) => object.isIdle,
    );
  expect(isIdle({})).toEqual([false]);
  expect(isIdle({ SKIP_BUILD: '1' })).toEqual([true]);
  expect(isIdle({ SKIP_BUILD: '1' }, ', secrets: [npm_token]')).toEqual([false]);
});

test.each([
  ['{ secrets: [nothing] }', 'services.api.build.secrets names nothing, whose value Waggle does not have'],
  ['{ secrets: [theirs] }', 'names theirs, whose value Waggle does not have'],
  ['{ secrets: [npm_token] }', 'names npm_token, which is not text: encode it'],
  [
    '{ args: { TOKEN: "${REGISTRY_TOKEN}" } }',
    'services.api.build.args holds a secret, which the image would keep',
  ],
  ['{ args: { TOKEN: "${NPM_TOKEN_SECRET}" } }', 'services.api.build.args names a version of a secret'],
  ['{ args: [REGISTRY_TOKEN] }', 'services.api.build.args holds a secret, which the image would keep'],
  ['{ contxt: . }', 'services.api.build.contxt is not a key that Docker knows: did you mean context?'],
  ['{ dockerfile_inline: FROM x }', 'services.api.build.dockerfile_inline is not supported'],
  ['{ x-bake: { no-cache: true } }', 'services.api.build.x-bake is not supported'],
])('build: %s is refused', (build, message) => {
  const stack = withSecret('[]').replace('{ secrets: [] }', build);
  const refuse = () => planned({}, stack, { objects: { npm_token: 'a\0b' } }).release();
  expect(refuse).toThrow(expect.objectContaining({ details: [expect.stringContaining(message)] }));
});

test.each([
  ['NEXT_PUBLIC_MAP_KEY', ''],
  ['VITE_MAP_KEY', ''],
  ['RECAPTCHA_SITE_KEY', ''],
  ['STRIPE_PUBLISHABLE_KEY', ''],
  ['NPM_KEY', '# waggle-ignore build-secret: a key for a mirror that everyone may read\n'],
])('the build argument %s is passed%s', (name, comment) => {
  const stack = comment + withSecret('[]').replace('{ secrets: [] }', `{ args: [${name}] }`);
  const texts = { 'stack.yml': stack, 'prod.env': `${name}=pk-123\n` };
  expect(planned({}, texts).release().builds[0]?.args).toEqual({ [name]: 'pk-123' });
});

test('an argument that is only named has its value, and is left to the Dockerfile when nothing sets it', () => {
  const stack = withSecret('[]').replace('{ secrets: [] }', '{ args: [GIVEN, ABSENT, "EMPTY="] }');
  const { builds } = planned({ environment: { GIVEN: 'x' } }, stack).release();
  expect(builds[0]?.args).toEqual({ GIVEN: 'x', EMPTY: '' });
});

const sharing = (worker: string) => `
services:
  api: { image: r.io/app, build: { context: .. } }
  worker: { image: r.io/app, ${worker} }
  cron: { image: "r.io/app:\${DEPLOY_TAG}" }
  latest: { image: r.io/app }
  other: { image: r.io/other, build: .. }
`;

test('an image of several services is built once, for all of them', () => {
  const { builds } = planned({}, sharing('build: ..')).release();
  expect(builds.map(({ name, services }) => [name, services])).toEqual([
    ['api', ['api', 'worker', 'cron']],
    ['other', ['other']],
  ]);
});

test.each([
  'build: { context: .., target: worker }',
  'image: "r.io/app:${DEPLOY_TAG}", build: { context: .., target: worker }',
])('two builds that would push the same image are refused: %s', (worker) => {
  const refuse = () => planned({}, sharing(worker).replace('image: r.io/app, image', 'image')).release();
  const message = 'services.worker.build is not that of api, and both make r.io/app';
  expect(refuse).toThrow(expect.objectContaining({ details: [expect.stringContaining(message)] }));
});

test.each([
  ['..', '../'],
  ['..', '{ context: ./.. }'],
  ['..', '{ context: .., dockerfile: ./Dockerfile }'],
  ['{ context: .., args: [A=1] }', '{ context: .., args: { A: "1" } }'],
  ['{ context: .., secrets: [npm_token] }', '{ context: .., secrets: [{ source: npm_token }] }'],
])('%s and %s are one build', (one, other) => {
  const stack = `services: { a: { image: r.io/x, build: ${one} }, b: { image: r.io/x, build: ${other} } }
secrets: { npm_token: { file: ./npm_token } }`;
  const { builds } = planned({}, stack, npm).release();
  expect(builds).toMatchObject([{ context: '..', dockerfile: 'Dockerfile', services: ['a', 'b'] }]);
});

test.each([
  ['r.io/x', 'r.io/x:v1 and r.io/x:latest for'],
  ['r.io/x:latest', 'r.io/x:latest for'],
])('with PUSH_LATEST_TAG %s is pushed under each name once, and a dry run shows it', (image, shown) => {
  const environment = { DEPLOY_TAG: 'v1', PUSH_LATEST_TAG: '1' };
  const planning = planned({ environment }, `services: { a: { image: "${image}", build: .. } }`).release();
  expect(buildImages.describe(planning)).toEqual([expect.stringMatching(new RegExp(`^${shown}`))]);
});

test.each(['docker.io/acme/x', 'index.docker.io/acme/x'])('acme/x and %s are one image', (image) => {
  const stack = (more: string) =>
    `services: { a: { image: acme/x, build: .. }, b: { image: ${image}, build: { context: ..${more} } } }`;
  const { builds, services } = planned({}, stack('')).release();
  expect(builds).toMatchObject([{ image: 'acme/x:abc1234', services: ['a', 'b'] }]);
  expect(services.map((service) => service.image)).toEqual(['acme/x:abc1234', 'acme/x:abc1234']);
  expect(() => planned({}, stack(', target: b')).release()).toThrow('one problem');
});

const twoTags = (second: string) => `
services:
  web: { image: "r.io/app:\${DEPLOY_TAG}-web", build: .. }
  job: { image: "${second}", build: { context: .., target: job } }
`;

test.each([
  ['r.io/app:${DEPLOY_TAG}-job', { PUSH_LATEST_TAG: '1' }, true],
  ['r.io/app:latest', { PUSH_LATEST_TAG: '1' }, true],
  ['r.io/app:${DEPLOY_TAG}-job', {}, false],
  ['r.io/app:${DEPLOY_TAG}-job', { PUSH_LATEST_TAG: '1', SKIP_BUILD: '1' }, false],
  ['r.io/job:${DEPLOY_TAG}', { PUSH_LATEST_TAG: '1' }, false],
])('beside r.io/app:web, %s with %o would be pushed as latest, too: %s', (second, environment, isRefused) => {
  const read = () => planned({ environment }, twoTags(second)).release();
  if (!isRefused) return void expect(read).not.toThrow();
  const message = 'services.job.build and that of web would both be pushed as r.io/app:latest: give one';
  expect(read).toThrow(expect.objectContaining({ details: [expect.stringContaining(message)] }));
});
