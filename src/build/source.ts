import { chmod, mkdir } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { contextFolders, isUrl, locateContext } from '../plan/release/contexts.ts';
import type { Release } from '../plan/release/release.ts';
import { DeployError } from '../shared/errors.ts';
import { runGit } from '../shared/git.ts';
import { isWithin, listRepositories, type PinnedRepository } from '../shared/list-repositories.ts';
import type { Log } from '../shared/log.ts';
import { PrivateFolder } from '../shared/private-folder.ts';
import { readLabels } from './image-labels.ts';

/** Where images are built from. */
export interface Source extends AsyncDisposable {
  /** The folder to build in, for a context as the stack file writes it; a URL stays as it is. */
  folderOf(context: string): string;
  /** What the image is told to be made from: OCI's annotations, as labels. */
  labelsOf(context: string): Promise<Readonly<Record<string, string>>>;
}

/**
 * What git has at the release's commit, submodules too, checked out into a private folder: nothing that lies around
 * gets into an image, and whoever has the commit can build it again. A tree that is allowed to be dirty, or that is no
 * checkout, is built as it lies there.
 */
export async function openSource(release: Release, log: Log): Promise<Source> {
  const { base, commit, dirty } = release;
  const direct = (context: string) => locateContext(release, context);
  if (commit === undefined || dirty)
    return { folderOf: direct, labelsOf: async () => ({}), [Symbol.asyncDispose]: async () => {} };

  const top = (await git(base, 'rev-parse', '--show-toplevel')).trim();
  const isOutside = (context: string) => isUrl(context) || !isWithin(top, direct(context));
  const contexts = contextFolders(release).filter((folder) => isWithin(top, folder));
  const repositories = await listRepositories(top, commit, contexts);
  const ownerOf = (folder: string) =>
    repositories.findLast((one) => isWithin(one.folder, folder)) ?? { folder: top, commit };
  const folder = await PrivateFolder.make();
  const inTree = (path: string) => join(folder.path, 'tree', relative(top, path));
  try {
    for (const [at, repository] of repositories.entries())
      await checkOut(repository, inTree(repository.folder), join(folder.path, `index-${at}`));
  } catch (error) {
    await folder[Symbol.asyncDispose]();
    throw error;
  }
  await warnOfUntracked(contexts, ownerOf, log);
  return {
    folderOf: (context) => (isOutside(context) ? direct(context) : inTree(direct(context))),
    labelsOf: async (context) => {
      if (isOutside(context)) return {};
      // Of a context in a submodule, the commit that moved it.
      const owner = ownerOf(direct(context)).folder;
      return readLabels(top, owner === top ? direct(context) : outermost(repositories, owner), release);
    },
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  };
}

function outermost([, ...submodules]: readonly PinnedRepository[], folder: string): string {
  return submodules.find((one) => isWithin(one.folder, folder))?.folder ?? folder;
}

/** What a user has set for checkouts of their own must not be in an image. */
const PLAIN = ['autocrlf=false', 'eol=lf', 'symlinks=true', 'attributesFile=/dev/null'].flatMap((setting) => [
  '-c',
  `core.${setting}`,
]);

/** With an index of its own: the user's is neither read nor changed. */
async function checkOut({ folder, commit }: PinnedRepository, into: string, index: string): Promise<void> {
  await mkdir(into, { recursive: true });
  await chmod(into, 0o755);
  const env = { GIT_INDEX_FILE: index };
  const git = [...PLAIN, `--work-tree=${into}`];
  for (const argv of [
    ['read-tree', commit],
    ['checkout-index', '--all'],
  ]) {
    const { refusal } = await runGit(folder, [...git, ...argv], env);
    if (refusal !== undefined) throw failed(argv[0], folder, refusal);
  }
}

async function warnOfUntracked(
  folders: readonly string[],
  ownerOf: (folder: string) => Pick<PinnedRepository, 'folder'>,
  log: Log,
): Promise<void> {
  const lists = folders.map(async (folder) => {
    const owner = ownerOf(folder).folder;
    const argv = ['ls-files', '--others', '--exclude-standard', '--full-name', '--'];
    return git(owner, ...argv, relative(owner, folder) || '.');
  });
  const files = [...new Set((await Promise.all(lists)).join('').split('\n').filter(Boolean))];
  const shown = files.slice(0, 3).join(', ') + (files.length > 3 ? ', ...' : '');
  if (files.length > 0) log.warn(`not in git, so not in the images: ${shown}`);
}

async function git(folder: string, ...argv: readonly string[]): Promise<string> {
  const { stdout, refusal = '' } = await runGit(folder, argv);
  if (stdout === undefined) throw failed(argv[0], folder, refusal);
  return stdout;
}

function failed(verb: string | undefined, folder: string, refusal: string): DeployError {
  return new DeployError('BUILD_FAILED', `git ${verb} failed in ${folder}`, { details: [refusal] });
}
