import { execFile } from 'node:child_process';

/**
 * Variables that name another repository than the folder's, as git sets them for its hooks. Those of
 * `git rev-parse --local-env-vars` but for configuration: CI passes safe.directory that way.
 */
export const REPOSITORY_VARIABLES = [
  'GIT_ALTERNATE_OBJECT_DIRECTORIES',
  'GIT_COMMON_DIR',
  'GIT_DIR',
  'GIT_GRAFT_FILE',
  'GIT_IMPLICIT_WORK_TREE',
  'GIT_INDEX_FILE',
  'GIT_INTERNAL_SUPER_PREFIX',
  'GIT_NO_REPLACE_OBJECTS',
  'GIT_OBJECT_DIRECTORY',
  'GIT_PREFIX',
  'GIT_REPLACE_REF_BASE',
  'GIT_SHALLOW_FILE',
  'GIT_WORK_TREE',
] as const;

/** Neither git's own index nor anything else is written, and a commit is what its id says. */
const ALWAYS = ['--no-optional-locks', '--no-replace-objects'];
/** Of one answer, all files of a large repository among it. */
const MAX_BYTES = 256 * 1024 ** 2;

export interface GitAnswer {
  /** undefined when git failed, or is not there. */
  readonly stdout?: string;
  /** Why it failed, in git's own words. */
  readonly refusal?: string;
}

/** Runs git in the repository that the folder is in, and never throws. Every call of git goes through here. */
export function runGit(
  folder: string,
  argv: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<GitAnswer> {
  const unset = Object.fromEntries(REPOSITORY_VARIABLES.map((name) => [name, undefined]));
  const options = { env: { ...process.env, ...unset, ...env }, maxBuffer: MAX_BYTES };
  // A shell sets the umask: files then have the modes that git records, for every user.
  const script = ['-c', 'umask 022; exec git "$@"', 'git', ...ALWAYS, '-C', folder, ...argv];
  return new Promise((resolve) => {
    execFile('sh', script, options, (error, stdout, stderr) =>
      resolve(error ? { refusal: stderr.trim() || error.message } : { stdout }),
    );
  });
}
