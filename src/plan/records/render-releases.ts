import { renderTable } from '../../shared/table.ts';
import { durationsOf } from './durations.ts';
import { findRunning } from './find-release.ts';
import type { ReleaseRecord } from './release-record.ts';

/** One line for each, newest first. */
export function renderReleases(releases: readonly ReleaseRecord[]): string {
  if (releases.length === 0) return 'nothing was deployed yet';
  const running = findRunning(releases);
  const rows = releases
    .toReversed()
    .map((release) => [
      `r${release.number}`,
      release === running ? 'runs' : release.result,
      release.since.slice(0, 16).replace('T', ' '),
      describeTag(release),
      `${release.seconds} s`,
      release.who,
    ]);
  return renderTable([HEAD, ...rows]).join('\n');
}

function describeTag({ tag, rollbackTo, note }: ReleaseRecord): string {
  if (rollbackTo) return `${tag} (as r${rollbackTo})`;
  return note ? `${tag} (${note})` : tag;
}

const HEAD = ['', 'result', 'when (UTC)', 'tag', 'took', 'who'];

/** All that is known of one. */
export function renderOneRelease(release: ReleaseRecord): string {
  const { number, stack, id, commit, who, since, seconds, result, failure, services, rollbackTo, note } =
    release;
  const { details = [], hint } = release;
  return [
    `r${number} of ${stack}: ${result}${failure ? `: ${failure}` : ''}`,
    ...details.map((line) => `  ${line}`),
    ...(hint ? [`  what to do: ${hint}`] : []),
    ...(note ? [`  ${note}`] : []),
    `  release ${id}${commit ? `, commit ${commit}` : ''}${rollbackTo ? `, a rollback to r${rollbackTo}` : ''}`,
    `  by ${who}, ${since}, ${seconds} s`,
    ...durationsOf(release.told ?? []).map(({ step, ms }) => `    ${(ms / 1000).toFixed(1)} s  ${step}`),
    ...services.flatMap(({ Name, TaskTemplate, Mode }) => {
      const { Image, Secrets = [], Configs = [] } = TaskTemplate?.ContainerSpec ?? {};
      const replicas = Mode?.Replicated?.Replicas;
      return [
        `  ${Name}: ${replicas === undefined ? '' : `${replicas} x `}${Image}`,
        ...Secrets.map(({ SecretName }) => `    secret ${SecretName}`),
        ...Configs.map(({ ConfigName }) => `    config ${ConfigName}`),
      ];
    }),
  ].join('\n');
}
