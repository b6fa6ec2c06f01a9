import type { Build, Release } from '../plan/release/release.ts';
import type { Shell } from '../shared/shell.ts';

/** How bake is called. Without attestations, unless they are wanted: they would change the digest of an unchanged build. */
export async function chooseBakeFlags(
  { builds, settings: { BUILD_PROVENANCE, BUILD_SBOM } }: Pick<Release, 'builds' | 'settings'>,
  metadata: string,
  local: Shell,
): Promise<readonly string[]> {
  const attestations = [`--provenance=${BUILD_PROVENANCE}`, `--sbom=${BUILD_SBOM}`];
  const allowed = await listAllowed(builds, local);
  return [
    '--file',
    '-',
    '--push',
    '--metadata-file',
    metadata,
    ...attestations,
    ...allowed,
    '--progress',
    'plain',
  ];
}

/** buildx 0.17 and later need this flag for a build that uses the host's network; older versions do not know it. */
async function listAllowed(builds: readonly Build[], local: Shell): Promise<readonly string[]> {
  if (!builds.some(({ how }) => how.network === 'host')) return [];
  const { stdout } = await local(['docker', 'buildx', 'bake', '--help']);
  return stdout.includes('--allow') ? ['--allow=network.host'] : [];
}
