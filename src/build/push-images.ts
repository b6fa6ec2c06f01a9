import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Digests, Release } from '../plan/release.ts';
import { DeployError } from '../shared/errors.ts';
import type { Tools } from '../shared/tools.ts';
import { PrivateDockerConfig } from './docker-config.ts';
import { parseBakeMetadata, renderBake } from './render-bake.ts';

const STDERR_LINES = 30;

/** Builds and pushes every image in one `docker buildx bake`; gives the digests that were pushed. */
export async function pushImages(
  release: Release,
  nodePlatforms: readonly string[],
  { local, mask, signal }: Pick<Tools, 'local' | 'mask' | 'signal'>,
): Promise<Digests> {
  await using config = await PrivateDockerConfig.login(release.registry, local, mask);
  const definition = renderBake(release.builds, release.settings.BUILD_PLATFORMS ?? nodePlatforms, {
    latest: release.settings.PUSH_LATEST_TAG,
    contextOf: (path) => resolve('deploy', path),
  });
  const metadata = join(config.path, 'metadata.json');
  // Attestations would change the digest of an unchanged build.
  const argv = [
    'docker',
    'buildx',
    'bake',
    '--file',
    '-',
    '--push',
    '--metadata-file',
    metadata,
    '--provenance=false',
  ];
  const bake = await local([...argv, '--progress', 'plain'], {
    env: { DOCKER_CONFIG: config.path },
    input: JSON.stringify(definition),
    signal,
  });
  signal.throwIfAborted();
  if (bake.exitCode === 0) return parseBakeMetadata(await readFile(metadata, 'utf8'), release.builds);
  throw new DeployError('BUILD_FAILED', 'docker buildx bake failed', {
    details: mask(bake.stderr).trim().split('\n').slice(-STDERR_LINES),
    hint: 'nothing was deployed; the cluster still runs what it ran',
  });
}
