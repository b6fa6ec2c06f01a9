import { relative } from 'node:path';
import type { Release } from '../plan/release/release.ts';
import { describeSource } from '../shared/describe-source.ts';
import { runGit } from '../shared/git.ts';

/** Of a version that is a commit. Of one length, whatever git's own would be here: else two clones made two images. */
const SHOWN = 12;

/**
 * The last commit that touched the context, not the release's: an image whose sources did not change keeps its
 * digest, and its tasks keep running. No label holds the tag, for the same reason.
 */
export async function readLabels(
  repository: string,
  folder: string,
  { commit = 'HEAD' }: Pick<Release, 'commit'>,
): Promise<Readonly<Record<string, string>>> {
  const path = relative(repository, folder) || '.';
  const argv = ['log', '-1', '--no-show-signature', '--format=%H %cI', commit, '--', path];
  const { stdout = '' } = await runGit(repository, argv);
  const [revision = '', created = ''] = stdout.trim().split(' ');
  const remote = await runGit(repository, ['remote', 'get-url', 'origin']);
  const version = revision.slice(0, SHOWN);
  const labels = { revision, created, version, source: describeSource(remote.stdout ?? '') };
  return Object.fromEntries(
    Object.entries(labels)
      .filter(([, value]) => value !== '')
      .map(([name, value]) => [`org.opencontainers.image.${name}`, value]),
  );
}
