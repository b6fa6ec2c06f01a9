import { expect, test } from 'vitest';
import { pushImages } from '../../src/build/push-images.ts';
import { fakeBuilder, PUSHED, useEmptyMachine } from '../fakes/builder.ts';
import { release } from '../fakes/inputs.ts';

useEmptyMachine();

const IMAGE = 'r.io/team/api:1';
const log = { info: () => {}, warn: () => {}, error: () => {} };
const tools = { log, mask: (text: string) => text, signal: new AbortController().signal };
/** Of a tree that is built as it lies there: git is not asked. */
const built = (environment: Record<string, string>, build = '') =>
  release(
    { environment: { DEPLOY_TAG: '1', ...environment }, git: { sha: undefined, dirty: false, tracked: [] } },
    `services: { api: { image: "${IMAGE}", build: { context: .${build} } } }`,
  );
const push = (builder: ReturnType<typeof fakeBuilder>, environment = {}, build = '') =>
  pushImages(built(environment, build), () => ['linux/amd64'], { ...tools, local: builder.local });

const ALLOW = '      --allow stringArray   Allow build to access specified resources';
const PLAIN = ['--provenance=false', '--sbom=false'];

test.each([
  ['nothing set', {}, '', ALLOW, PLAIN],
  ['BUILD_PROVENANCE', { BUILD_PROVENANCE: '1' }, '', ALLOW, ['--provenance=true', '--sbom=false']],
  ['BUILD_SBOM', { BUILD_SBOM: 'true' }, '', ALLOW, ['--provenance=false', '--sbom=true']],
  ["its host's network", {}, ', network: host', ALLOW, [...PLAIN, '--allow=network.host']],
  ["its host's network, and a buildx before 0.17", {}, ', network: host', '', PLAIN],
  ['no network', {}, ', network: none', ALLOW, PLAIN],
])('with %s bake is called for it', async (_what, environment, build, help, flags) => {
  const builder = fakeBuilder({ help });
  expect(await push(builder, environment, build)).toEqual({ [IMAGE]: PUSHED });
  const [{ argv = [] } = {}] = builder.bakes;
  expect(argv.filter((flag) => /^--(provenance|sbom|allow)/.test(flag))).toEqual(flags);
});

test('the files of a build may be anywhere on this machine', async () => {
  const builder = fakeBuilder();
  await push(builder);
  expect(builder.bakes[0]?.env).toMatchObject({ BUILDX_BAKE_ENTITLEMENTS_FS: '0' });
});
