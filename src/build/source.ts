import { join, relative, resolve } from 'node:path';
import type { Release } from '../plan/release/release.ts';
import { DeployError } from '../shared/errors.ts';
import type { Log } from '../shared/log.ts';
import { PrivateFolder } from '../shared/private-folder.ts';
import type { Shell } from '../shared/shell.ts';

/** Where images are built from. */
export interface Source extends AsyncDisposable {
  /** The folder to build in, for a context as the stack file writes it; a URL stays as it is. */
  folderOf(context: string): string;
  /** What the image is told to be made from: OCI's annotations, as labels. */
  labelsOf(context: string): Promise<Readonly<Record<string, string>>>;
}

/**
 * What git has at the release's commit, checked out into a private folder: nothing that lies around gets into an
 * image, and whoever has the commit can build it again. A tree that is allowed to be dirty, or that is no checkout,
 * is built as it lies there.
 */
export async function openSource(release: Release, local: Shell, log: Log): Promise<Source> {
  const { base, commit, dirty } = release;
  const direct = (context: string) => (isUrl(context) ? context : resolve(base, context));
  if (commit === undefined || dirty)
    return { folderOf: direct, labelsOf: async () => ({}), [Symbol.asyncDispose]: async () => {} };

  const git = (...argv: readonly string[]) => runGit(local, base, argv);
  const top = await git('rev-parse', '--show-toplevel');
  const folder = await PrivateFolder.make();
  const tree = join(folder.path, 'tree');
  try {
    // An index of its own: the user's is neither read nor changed. Files are as a checkout would have them.
    const env = { GIT_INDEX_FILE: join(folder.path, 'index') };
    await runGit(local, top, ['read-tree', commit], env);
    await runGit(local, top, ['checkout-index', '--all', `--prefix=${tree}/`], env);
  } catch (error) {
    await folder[Symbol.asyncDispose]();
    throw error;
  }
  const within = (context: string) => relative(top, direct(context));
  const isOutside = (context: string) => isUrl(context) || within(context).startsWith('..');
  const contexts = release.builds.map(({ context }) => context).filter((context) => !isOutside(context));
  await warnOfUntracked(git, contexts.map(direct), log);
  return {
    folderOf: (context) => (isOutside(context) ? direct(context) : join(tree, within(context))),
    labelsOf: async (context) => (isOutside(context) ? {} : readLabels(git, direct(context), release)),
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  };
}

type Git = (...argv: readonly string[]) => Promise<string>;

/**
 * The last commit that touched the context, not the release's: an image whose sources did not change keeps its
 * digest, and its tasks keep running. The version is a tag that was given, or that commit.
 */
async function readLabels(
  git: Git,
  folder: string,
  { settings }: Release,
): Promise<Readonly<Record<string, string>>> {
  const said = await git('log', '-1', '--format=%H %h %cI', '--', folder);
  const [revision = '', short = '', created = ''] = said.split(' ');
  const source = await git('remote', 'get-url', 'origin').catch(() => '');
  const labels = { revision, created, version: settings.DEPLOY_TAG ?? short, source: withoutLogin(source) };
  return Object.fromEntries(
    Object.entries(labels)
      .filter(([, value]) => value !== '')
      .map(([name, value]) => [`org.opencontainers.image.${name}`, value]),
  );
}

async function warnOfUntracked(git: Git, folders: readonly string[], log: Log): Promise<void> {
  if (folders.length === 0) return;
  const untracked = await git('ls-files', '--others', '--exclude-standard', '--full-name', '--', ...folders);
  const files = untracked.split('\n').filter(Boolean);
  const shown = files.slice(0, 3).join(', ') + (files.length > 3 ? ', ...' : '');
  if (files.length > 0) log.warn(`not in git, so not in the images: ${shown}`);
}

async function runGit(
  local: Shell,
  folder: string,
  argv: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<string> {
  const { exitCode, stdout, stderr } = await local(['git', '-C', folder, ...argv], { env });
  if (exitCode === 0) return stdout.trim();
  throw new DeployError('BUILD_FAILED', `git ${argv[0]} failed`, { details: [stderr.trim()] });
}

const isUrl = (context: string) => /^(https?|git|ssh):|^git@/.test(context);

/** A token in a remote's URL would be readable in every image. */
const withoutLogin = (url: string) => url.replace(/^(\w+:\/\/)[^/@]*@/, '$1');
