import type { Project } from '../../shared/project.ts';
import { type ReleaseRecord, ranHealthy } from './release-record.ts';

/** The last release that ran and that is known to be of another project; undefined where that cannot be told. */
export function findForeign(
  releases: readonly ReleaseRecord[],
  project: Project,
): (ReleaseRecord & { readonly project: Project }) | undefined {
  const last = releases.findLast((release) => ranHealthy(release.result) && release.project);
  return last?.project && isOther(last.project, project) ? { ...last, project: last.project } : undefined;
}

/** Something is known of both, and nothing of that is the same: a fork, a moved repository and a shallow clone are no others. */
function isOther(a: Project, b: Project): boolean {
  const known = (['roots', 'remotes'] as const).filter((kind) => a[kind].length > 0 && b[kind].length > 0);
  return known.length > 0 && known.every((kind) => !a[kind].some((one) => b[kind].includes(one)));
}

export function describeProject({ roots, remotes }: Project): string {
  const [root] = roots;
  return [...remotes, ...(root ? [`root commit ${root.slice(0, 12)}`] : [])].join(', ') || 'unknown';
}
