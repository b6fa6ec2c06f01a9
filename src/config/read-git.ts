import { execFile } from 'node:child_process';
import type { GitFacts } from './inputs.ts';

/** What git says of a checkout. Writes nothing, not even git's own index; never fails. */
export async function readGit(root: string): Promise<GitFacts> {
  const [sha, changes, tracked] = await Promise.all([
    git(root, 'rev-parse', '--short', 'HEAD'),
    git(root, 'status', '--porcelain', '--untracked-files=no'),
    git(root, 'ls-files', '-z', '--', 'deploy'),
  ]);
  return {
    sha: sha?.trim(),
    dirty: (changes ?? '').trim() !== '',
    tracked: (tracked ?? '').split('\0').filter(Boolean),
  };
}

/** undefined when git is not there, or this is no checkout. Without zx: loading it would take longer than git does. */
function git(folder: string, ...argv: readonly string[]): Promise<string | undefined> {
  const options = { cwd: folder, maxBuffer: 64 * 1024 ** 2 };
  return new Promise((resolve) => {
    execFile('git', ['--no-optional-locks', ...argv], options, (error, stdout) =>
      resolve(error ? undefined : stdout),
    );
  });
}
