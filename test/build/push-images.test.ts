import { once } from 'node:events';
import { afterEach, expect, test, vi } from 'vitest';
import { pushImages } from '../../src/build/push-images.ts';
import { silentLog } from '../../src/shared/recording-log.ts';
import { builtRelease, fakeBuilder, IMAGE, PUSHED, useEmptyMachine } from '../fakes/builder.ts';
import { shortenLimits, skipPauses } from '../fakes/pauses.ts';

useEmptyMachine();

const tools = { log: silentLog, signal: new AbortController().signal };
const push = (builder: ReturnType<typeof fakeBuilder>, environment = {}, how = '') =>
  pushImages(builtRelease(environment, how), () => ['linux/amd64'], { ...tools, local: builder.local });

const ALLOW = '      --allow stringArray   Allow build to access specified resources';
const PLAIN = ['--provenance=false', '--sbom=false'];

test.each([
  ['nothing set', {}, '', ALLOW, PLAIN],
  ['BUILD_PROVENANCE', { BUILD_PROVENANCE: '1' }, '', ALLOW, ['--provenance=true', '--sbom=false']],
  ['BUILD_SBOM', { BUILD_SBOM: 'true' }, '', ALLOW, ['--provenance=false', '--sbom=true']],
  ["its host's network", {}, ', network: host', ALLOW, [...PLAIN, '--allow=network.host']],
  ["its host's network, and a buildx before 0.17", {}, ', network: host', '', PLAIN],
  ['no network', {}, ', network: none', ALLOW, PLAIN],
])('with %s bake is called for it', async (_what, environment, how, help, flags) => {
  const builder = fakeBuilder({ help });
  expect(await push(builder, environment, how)).toEqual({ [IMAGE]: PUSHED });
  const [{ argv = [] } = {}] = builder.bakes;
  expect(argv.filter((flag) => /^--(provenance|sbom|allow)/.test(flag))).toEqual(flags);
});

test('everything is one bake, of a definition that is in no file', async () => {
  const builder = fakeBuilder();
  await push(builder);
  const [{ argv = [], input = '' } = {}, ...others] = builder.bakes;
  expect(others).toEqual([]);
  expect(argv.slice(0, 6)).toEqual(['docker', 'buildx', 'bake', '--file', '-', '--push']);
  expect(JSON.parse(input).target.api).toMatchObject({ tags: [IMAGE], platforms: ['linux/amd64'] });
});

test('the files of a build may be anywhere on this machine', async () => {
  const builder = fakeBuilder();
  await push(builder);
  expect(builder.bakes[0]?.env).toMatchObject({ BUILDX_BAKE_ENTITLEMENTS_FS: '0' });
});

afterEach(() => vi.restoreAllMocks());

const PUSH = 'ERROR: failed to solve: failed to push r.io/a:1: ';
const FROM = 'unexpected status from';
const TOKEN = `ERROR: target api: failed to solve: failed to authorize: failed to fetch oauth token: ${FROM} GET request to https://r.io/token?scope=a%3Apull&service=r.io:`;

test.each([
  `${PUSH}${FROM} POST request to https://r.io:5000/v2/a/blobs/uploads/: 503 Service Unavailable`,
  `${PUSH}${FROM} PUT request to https://r.io/v2/a/manifests/sha256:ab: 502 Bad Gateway`,
  `${PUSH}unexpected status: 504 Gateway Timeout`,
  `${TOKEN} 500 Internal Server Error`,
  `${TOKEN} 429 Too Many Requests`,
  `${PUSH}unexpected status code https://r.io/v2/a/manifests/1: 429 Too Many Requests - Server message: toomanyrequests: slow down`,
  `${PUSH}Put "https://r.io/v2/a/blobs/uploads/1": EOF`,
  `${PUSH}write tcp 10.0.0.1:1->10.0.0.2:443: write: broken pipe`,
])('after %s it is built again, later each time', async (said) => {
  const pauses = skipPauses();
  const builder = fakeBuilder({ failures: [said, `${said}\n`] });
  expect(await push(builder)).toEqual({ [IMAGE]: PUSHED });
  expect(pauses).toEqual([1_000, 2_000]);
  const failed = push(fakeBuilder({ failures: [said, said, said] }));
  await expect(failed).rejects.toMatchObject({ code: 'BUILD_FAILED', details: [said] });
});

test.each([
  `${TOKEN} 401 Unauthorized`,
  `${PUSH}${FROM} POST request to https://r.io/v2/a:500/blobs/uploads/: 403 Forbidden`,
  `${PUSH}${FROM} HEAD request to https://r.io/v2/a/manifests/1: 404 Not Found: 503 Service Unavailable`,
  'ERROR: failed to solve: process "/bin/sh -c npm ci" did not complete successfully: exit code: 1',
  '#9 0.503 npm error unexpected status: 503 Service Unavailable',
])('after %s it is not', async (said) => {
  const builder = fakeBuilder({ failures: [said] });
  await expect(push(builder)).rejects.toMatchObject({ code: 'BUILD_FAILED' });
  expect(builder.bakes).toHaveLength(1);
});

test('what does not end in time is ended, and not tried again', async () => {
  const limits = shortenLimits();
  const { local, bakes } = fakeBuilder({ failures: [PUSH] });
  const hangs: typeof local = async (argv, options) => {
    const done = await local(argv, options);
    if (argv.includes('bake') && !argv.includes('--help'))
      await once(options?.signal as AbortSignal, 'abort');
    return done;
  };
  const pushing = pushImages(builtRelease({ BUILD_TIMEOUT: '60' }), () => [], { ...tools, local: hangs });
  await expect(pushing).rejects.toMatchObject({
    code: 'BUILD_FAILED',
    message: 'docker buildx bake did not end within 60 s',
  });
  expect(limits).toContain(60_000);
  expect(bakes).toHaveLength(1);
});
