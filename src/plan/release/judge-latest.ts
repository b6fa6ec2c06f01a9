import type { Positions } from '../../config/positions.ts';
import type { Problem } from '../../config/problem.ts';
import type { ClusterSettings } from '../../config/settings.ts';
import type { StackDocument } from '../../config/stack-document.ts';
import { groupBy } from '../../shared/group-by.ts';
import { latestOf } from '../../shared/image-name.ts';
import { planBuilds } from './plan-builds.ts';

/** Two builds of one repository that are pushed as `latest`, too: which of them that is would be luck. */
export function judgeLatest(
  document: StackDocument,
  tag: string,
  positions: Positions,
  settings: ClusterSettings | undefined,
): readonly Problem[] {
  if (!settings?.PUSH_LATEST_TAG) return [];
  const builds = planBuilds(document, tag, settings, []);
  return [...groupBy(builds, ({ image }) => latestOf(image))].flatMap(([latest, [first, ...others]]) =>
    others.map(({ name }) => ({
      ...positions.locate(['services', name, 'build']),
      message: `services.${name}.build and that of ${first?.name} would both be pushed as ${latest}: give one a repository of its own, or set PUSH_LATEST_TAG=false`,
    })),
  );
}
