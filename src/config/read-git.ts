import { execFile } from 'node:child_process';
import type { GitFacts } from './inputs.ts';

/** What git says of a checkout. Writes nothing, not even git's own index; never fails. */
export async function readGit(root: string): Promise<GitFacts> {
  const [sha, changes, tracked] = await Promise.all([
    git(root, 'rev-parse', '--short', 'HEAD'),
    git(root, 'status', '--porcelain', '--untracked-files=no'),
    git(root, 'ls-files', '-z'),
  ]);
  return {
    sha: sha.stdout?.trim(),
    dirty: (changes.stdout ?? '').trim() !== '',
    refusal: sha.refusal,
    tracked: (tracked.stdout ?? '').split('\0').filter(Boolean),
  };
}

interface Said {
  /** undefined when git is not there, or this is no checkout. */
  readonly stdout?: string;
  readonly refusal?: string;
}

/** Without zx: loading it would take longer than git does. */
function git(folder: string, ...argv: readonly string[]): Promise<Said> {
  const options = { cwd: folder, maxBuffer: 64 * 1024 ** 2 };
  return new Promise((resolve) => {
    execFile('git', ['--no-optional-locks', ...argv], options, (error, stdout, stderr) =>
      resolve(error ? { refusal: stderr.trim() || error.message } : { stdout }),
    );
  });
}
