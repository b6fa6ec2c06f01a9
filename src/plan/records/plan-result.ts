import type { ResultEvent } from '../../shared/log.ts';
import type { SwarmService } from '../../shared/swarm.ts';
import { describeDifference } from '../changes/describe-difference.ts';
import type { Release } from '../release/release.ts';

/** What a deploy has come to. `before` and `deployed` are what ran and what runs. */
export function planResult(
  { stack, id, settings }: Release,
  number: number | undefined,
  before: readonly SwarmService[],
  deployed: readonly SwarmService[],
): ResultEvent {
  const release = number === undefined ? '' : `r${number}`;
  const changed = !isSame(before, deployed);
  const images = deployed.map(({ spec }) => spec.TaskTemplate?.ContainerSpec?.Image ?? '');
  const digests = images.filter((image) => image.includes('@')).map((image) => image.split('@'));
  const rows = deployed
    .toSorted((a, b) => a.name.localeCompare(b.name))
    .map(
      ({ name, wanted, spec }) => `| ${name} | ${wanted} | \`${spec.TaskTemplate?.ContainerSpec?.Image}\` |`,
    );
  return {
    release,
    id,
    changed,
    digests: Object.fromEntries(digests),
    url: settings.DEPLOY_HEALTHCHECK_URL[0]?.url ?? '',
    summary: [
      `### ${release || 'a release'} of ${stack} runs: ${id}`,
      '',
      ...(changed ? [] : ['Nothing had to be changed.', '']),
      '| service | tasks | image |',
      '|---|---|---|',
      ...rows,
    ].join('\n'),
  };
}

/** Nothing of it is shown. */
const NONE = { before: [], now: [] };

function isSame(before: readonly SwarmService[], deployed: readonly SwarmService[]): boolean {
  if (before.length !== deployed.length) return false;
  return deployed.every(({ name, spec }) => {
    const was = before.find((one) => one.name === name);
    return was !== undefined && describeDifference(was.spec, spec, NONE).length === 0;
  });
}
