import { relative } from 'node:path';
import type { Release } from '../plan/release/release.ts';
import { runGit } from '../shared/git.ts';

/** Of a version that is a commit. Of one length, whatever git's own would be here: else two clones made two images. */
const SHOWN = 12;

/**
 * The last commit that touched the context, not the release's: an image whose sources did not change keeps its
 * digest, and its tasks keep running. The version is a tag that was given, or that commit.
 */
export async function readLabels(
  repository: string,
  folder: string,
  { commit = 'HEAD', settings }: Pick<Release, 'commit' | 'settings'>,
): Promise<Readonly<Record<string, string>>> {
  const path = relative(repository, folder) || '.';
  const argv = ['log', '-1', '--no-show-signature', '--format=%H %cI', commit, '--', path];
  const { stdout = '' } = await runGit(repository, argv);
  const [revision = '', created = ''] = stdout.trim().split(' ');
  const remote = await runGit(repository, ['remote', 'get-url', 'origin']);
  const version = settings.DEPLOY_TAG ?? revision.slice(0, SHOWN);
  const labels = { revision, created, version, source: describeSource(remote.stdout ?? '') };
  return Object.fromEntries(
    Object.entries(labels)
      .filter(([, value]) => value !== '')
      .map(([name, value]) => [`org.opencontainers.image.${name}`, value]),
  );
}

/** `host[:port]` and a path without `@`: what is left in doubt could be a part of a login. */
const PLACE = /^(\[[\da-f:]+\]|[\w.-]+)(:\d+)?\/+([^@?#:\s]+)$/i;

/**
 * Where a remote is, as one URL, however this clone writes it: `git@host:a/b.git` and `https://host/a/b` are one. No
 * user, password or query is in it; a folder of this machine, and what cannot be read for certain, is no source.
 */
export function describeSource(remote: string): string {
  const [plain = ''] = remote.trim().split(/[?#]/, 1);
  const [, scheme, rest] = /^(https?|ssh|git):\/\/(.+)$/i.exec(plain) ?? [];
  // As scp has it: a path after the first colon.
  const [, host, path] = /^([^/:]+(?::[^/@]*@[^/:]+)*):(?!\/\/)\/?(.+)$/.exec(plain) ?? [];
  const address = rest ?? (host && path ? `${host}/${path}` : '');
  const [, name = '', port = '', way = ''] = PLACE.exec(address.replace(/^[^/]*@/, '')) ?? [];
  if (name === '') return '';
  const isWeb = scheme?.toLowerCase().startsWith('http') ?? false;
  return `${isWeb ? scheme?.toLowerCase() : 'https'}://${name}${isWeb ? port : ''}/${way.replace(/\/+$/, '').replace(/\.git$/, '')}`;
}
