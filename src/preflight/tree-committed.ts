import { relative } from 'node:path';
import { contextFolders } from '../plan/release/contexts.ts';
import { DeployError } from '../shared/errors.ts';
import { runGit } from '../shared/git.ts';
import { listRepositories, type PinnedRepository } from '../shared/list-repositories.ts';
import { shortCommit } from '../shared/short-commit.ts';
import type { Check } from './check.ts';

/** What is built can be built again, by anybody who has the repository. */
export const treeCommitted: Check = {
  name: 'what is built is in git, and pushed',
  async run({ release }) {
    const { builds, settings, commit, dirty, base } = release;
    if (builds.length === 0 || settings.ALLOW_DIRTY || commit === undefined) return;
    if (dirty) throw refused('the checkout has changes that are not committed', 'commit them');
    const { stdout: top = base } = await runGit(base, ['rev-parse', '--show-toplevel']);
    const all = await listRepositories(top.trim(), commit, contextFolders(release));
    requireSubmodules(all);
    const pushed = await Promise.all(all.map(isPushed));
    const [missing] = all.filter((_, at) => !pushed[at]);
    if (missing)
      throw refused(`${nameOf(missing, all)} ${shortCommit(missing.commit)} is on no remote`, 'push it');
  },
};

/** Git leaves a submodule that is not checked out as an empty folder. */
function requireSubmodules(all: readonly PinnedRepository[]): void {
  const details = all
    .filter(({ refusal }) => refusal !== undefined)
    .map((one) => `${nameOf(one, all)} ${shortCommit(one.commit)}: ${one.refusal}`);
  if (details.length === 0) return;
  throw refused(
    'the checkout lacks a commit that is to be built',
    'git submodule update --init --recursive',
    details,
  );
}

const nameOf = ({ folder }: PinnedRepository, [top]: readonly PinnedRepository[]) =>
  folder === top?.folder ? 'the commit' : `the submodule ${relative(top?.folder ?? '', folder)} at commit`;

/** A repository without a remote has nowhere to be pushed to. */
async function isPushed({ folder, commit }: PinnedRepository): Promise<boolean> {
  const git = async (...argv: readonly string[]) => ((await runGit(folder, argv)).stdout ?? '').trim();
  if ((await git('remote')) === '') return true;
  const refs = await git('for-each-ref', '--count=1', '--contains', commit, 'refs/remotes', 'refs/tags');
  // A checkout of CI's has just fetched it, and may have given it no name.
  return refs !== '' || (await git('rev-parse', '--verify', '--quiet', 'FETCH_HEAD')) === commit;
}

function refused(problem: string, todo: string, details: readonly string[] = []): DeployError {
  return new DeployError('PREFLIGHT_FAILED', problem, {
    details,
    hint: `${todo}, or build what lies there with --allow-dirty`,
  });
}
