import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { EMULATE } from '../plan/placement/judge-builder.ts';
import type { Build, Digests, Release } from '../plan/release/release.ts';
import { renderBuildx } from '../plan/render/render-buildx.ts';
import { DeployError } from '../shared/errors.ts';
import { TimeLimit } from '../shared/time-limit.ts';
import type { Tools } from '../shared/tools.ts';
import { chooseBakeFlags } from './bake-flags.ts';
import { PrivateDockerConfig } from './docker-config.ts';
import { parseBakeMetadata, type ReadyBuild, renderBake, secretVariable } from './render-bake.ts';
import { retryBake } from './retry-bake.ts';
import { showProgress } from './show-progress.ts';
import { openSource } from './source.ts';

const STDERR_LINES = 30;
/**
 * Since 0.20 buildx refuses a definition that reads outside of its folder, and one that uses an ssh agent, as it may
 * be a stranger's. This one is Waggle's own, made from the operator's stack file.
 */
const ANY_FILE = { BUILDX_BAKE_ENTITLEMENTS_FS: '0' };
const NOTHING_DONE = 'nothing was deployed; the cluster still runs what it ran';

/** Builds and pushes every image in one `docker buildx bake`; gives the digests that were pushed. */
export async function pushImages(
  release: Release,
  platformsOf: (build: Build) => readonly string[],
  { local, signal, log }: Pick<Tools, 'local' | 'signal' | 'log'>,
): Promise<Digests> {
  const { builds, settings, registry } = release;
  await using source = await openSource(release, log);
  await using config = await PrivateDockerConfig.login(registry, { local, signal });
  const ready = builds.map(
    async (build): Promise<ReadyBuild> => ({
      ...build,
      folder: source.folderOf(build.context),
      platforms: platformsOf(build),
      labels: await source.labelsOf(build.context),
    }),
  );
  const definition = renderBake(await Promise.all(ready), { latest: settings.PUSH_LATEST_TAG });
  const metadata = join(config.path, 'metadata.json');
  const buildx = renderBuildx(settings);
  const secrets = Object.fromEntries(
    builds.flatMap((build) =>
      build.secrets.map((secret) => [secretVariable(build, secret.id), secret.value?.revealText() ?? '']),
    ),
  );
  const command = buildx.command('bake', ...(await chooseBakeFlags(release, metadata, local)));
  const bake = async () => {
    using limit = new TimeLimit(settings.BUILD_TIMEOUT * 1000, signal);
    const { exitCode, stderr } = await local(command, {
      env: { ...buildx.env, ...secrets, ...ANY_FILE, DOCKER_CONFIG: config.path },
      input: JSON.stringify(definition),
      signal: limit.signal,
      onOutput: showProgress(log),
    });
    signal.throwIfAborted();
    if (limit.isOver) throw notInTime(settings.BUILD_TIMEOUT);
    if (exitCode !== 0) throw buildFailed(stderr);
  };
  await retryBake(bake, { signal, log });
  return parseBakeMetadata(await readFile(metadata, 'utf8'), builds);
}

/** Not retried: a push that takes this long has no passing trouble. */
function notInTime(seconds: number): DeployError {
  return new DeployError('BUILD_FAILED', `docker buildx bake did not end within ${seconds} s`, {
    hint: `${NOTHING_DONE}; the builder keeps what is done: look whether the registry answers, or set a longer BUILD_TIMEOUT`,
  });
}

function buildFailed(stderr: string): DeployError {
  return new DeployError('BUILD_FAILED', 'docker buildx bake failed', {
    details: stderr.trim().split('\n').slice(-STDERR_LINES),
    // The kernel's own words for a program of another platform; buildx passes no better sign on.
    hint: stderr.includes('exec format error')
      ? `this machine cannot run programs of that platform: ${EMULATE}`
      : NOTHING_DONE,
  });
}
