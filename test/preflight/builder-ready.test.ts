import { expect, test } from 'vitest';
import { EMULATE } from '../../src/plan/placement/judge-builder.ts';
import { builderReady } from '../../src/preflight/builder-ready.ts';
import type { CheckContext } from '../../src/preflight/check.ts';
import { release } from '../fakes/inputs.ts';
import { node } from '../fakes/swarm.ts';

const nodes = [node('a'), node('b', { platform: 'linux/arm64' })];
const WARNING = `the builder cannot run programs of linux/arm64, which a RUN may need: ${EMULATE}`;

/** What is warned of when the builder says this of itself. */
async function warnings(stdout: string, environment = {}, exitCode = 0): Promise<readonly string[]> {
  const warned: string[] = [];
  const tools = {
    local: async () => ({ exitCode, stdout, stderr: '' }),
    log: { warn: (message: string) => warned.push(message) },
  };
  await builderReady.run({ release: release({ environment }), nodes, tools } as unknown as CheckContext);
  return warned;
}

test.each([
  ['Platforms: linux/amd64', {}, [WARNING]],
  ['Platforms: linux/amd64, linux/arm64', {}, []],
  ['Platforms: linux/amd64', { SKIP_BUILD: '1' }, []],
])('a builder with %s and %o', async (inspected, environment, expected) => {
  expect(await warnings(inspected, environment)).toEqual(expected);
});

test('where it cannot be reached, nothing is built: buildx itself calls that a success', async () => {
  const environment = { BUILD_REMOTE: 'ssh://me@far' };
  await expect(warnings('Driver:\nError: ssh: no such host\n', environment)).rejects.toMatchObject({
    code: 'PREFLIGHT_FAILED',
    message: 'ssh://me@far cannot build images',
    details: ['ssh: no such host'],
    hint: expect.stringMatching(/^see that `ssh ssh:\/\/me@far docker version` works here/),
  });
});

test('where there is none, nothing is built', async () => {
  await expect(warnings('', {}, 127)).rejects.toMatchObject({
    code: 'PREFLIGHT_FAILED',
    details: ['docker is not installed'],
  });
});
