import { join, relative } from 'node:path';
import { runGit } from './git.ts';

/** A repository, or a submodule, at the commit that its parent's tree names. */
export interface PinnedRepository {
  /** Absolute, in the checkout. */
  readonly folder: string;
  readonly commit: string;
  /** Why that commit cannot be read here, in git's own words. */
  readonly refusal?: string | undefined;
}

/** A repository, then its submodules within these folders or around them, and theirs: outer ones first. */
export async function listRepositories(
  folder: string,
  commit: string,
  folders: readonly string[],
): Promise<readonly PinnedRepository[]> {
  const { stdout = '', refusal } = await runGit(folder, ['ls-tree', '-r', '-z', '--full-tree', commit]);
  const submodules = stdout
    .split('\0')
    .flatMap((line) => {
      const [, id, path] = /^160000 commit (\w+)\t(.+)$/s.exec(line) ?? [];
      return id && path ? [{ commit: id, folder: join(folder, path) }] : [];
    })
    .filter((one) => folders.some((used) => isWithin(used, one.folder) || isWithin(one.folder, used)));
  const inner = submodules.map((one) => listRepositories(one.folder, one.commit, folders));
  return [{ folder, commit, refusal }, ...(await Promise.all(inner)).flat()];
}

export function isWithin(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way !== '..' && !way.startsWith('../');
}
