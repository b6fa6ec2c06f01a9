import { describeServices } from '../../plan/records/describe-releases.ts';
import { findRelease } from '../../plan/records/find-release.ts';
import { parseHistory, type ReleaseRecord, requireHistory } from '../../plan/records/release-record.ts';
import { renderOneRelease, renderReleases } from '../../plan/records/render-releases.ts';
import { hideSpec } from '../../plan/spec/templates.ts';
import { atCluster } from '../at-cluster.ts';
import type { RunContext } from '../run-context.ts';

export interface ReleasesOptions {
  readonly target: string | undefined;
  /** `r41`; undefined: all that are kept. */
  readonly name: string | undefined;
  readonly format: 'text' | 'json';
}

/** Shows what was deployed, as the cluster remembers it. */
export async function showReleases(
  context: RunContext,
  { target, name, format }: ReleasesOptions,
): Promise<void> {
  await atCluster(context, target, async (_release, _tools, records) => {
    const history = parseHistory(await records);
    const one = name === undefined ? undefined : findRelease(history, name);
    const { releases } = history;
    if (format === 'json') context.print(one ? shown(one) : releases.map(shown));
    else context.print(one ? renderOneRelease(one) : renderReleases(releases));
    // The others are shown all the same.
    if (!one) requireHistory(history);
  });
}

const shown = (release: ReleaseRecord): ReleaseRecord => ({
  ...release,
  services: release.services.map((spec) => hideSpec(spec, release.templates)),
});

/** Shows what is not the same in two releases, service by service. */
export async function showDifference(
  context: RunContext,
  target: string | undefined,
  names: readonly [string, string],
): Promise<void> {
  await atCluster(context, target, async (_release, _tools, records) => {
    const history = parseHistory(await records);
    const [before, after] = names.map((name) => findRelease(history, name)) as [ReleaseRecord, ReleaseRecord];
    context.print(describeServices(before, after).join('\n') || 'they are the same');
  });
}
