import { DeployError } from '../shared/errors.ts';
import type { Check } from './check.ts';

/** What is built can be built again, by anybody who has the repository. */
export const treeCommitted: Check = {
  name: 'what is built is in git, and pushed',
  async run({ release: { builds, settings, commit, dirty, base }, tools: { local } }) {
    if (builds.length === 0 || settings.ALLOW_DIRTY || commit === undefined) return;
    if (dirty) throw refused('the checkout has changes that are not committed', 'commit them');
    const git = async (...argv: readonly string[]) =>
      (await local(['git', '-C', base, ...argv])).stdout.trim();
    if ((await git('remote')) === '') return;
    const refs = await git('for-each-ref', '--count=1', '--contains', commit, 'refs/remotes', 'refs/tags');
    if (refs !== '') return;
    // A checkout of CI's has just fetched it, and may have given it no name.
    const fetched = await git('rev-parse', '--verify', '--quiet', 'FETCH_HEAD');
    if (fetched === '' || fetched !== (await git('rev-parse', commit)))
      throw refused(`the commit ${commit} is on no remote`, 'push it');
  },
};

function refused(problem: string, todo: string): DeployError {
  return new DeployError('PREFLIGHT_FAILED', problem, {
    hint: `${todo}, or build what lies there with --allow-dirty`,
  });
}
