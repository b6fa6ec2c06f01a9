import { describeSource } from '../shared/describe-source.ts';
import { runGit } from '../shared/git.ts';
import type { Project } from '../shared/project.ts';

/** Tells which project a checkout is of. What git does not know is left out. */
export async function readProject(root: string): Promise<Project> {
  const [shallow, roots, remotes] = await Promise.all([
    runGit(root, ['rev-parse', '--is-shallow-repository']),
    runGit(root, ['rev-list', '--max-parents=0', 'HEAD']),
    runGit(root, ['remote', '--verbose']),
  ]);
  const sources = linesOf(remotes.stdout).map((line) => describeSource(line.split(/\s+/)[1] ?? ''));
  return {
    // The oldest commit of a shallow clone is not the root.
    roots: shallow.stdout?.trim() === 'false' ? linesOf(roots.stdout) : [],
    remotes: [...new Set(sources.filter(Boolean))],
  };
}

const linesOf = (text = '') => text.split('\n').filter(Boolean).sort();
