import { DeployError } from '../../shared/errors.ts';
import type { SwarmRecord } from '../../shared/swarm.ts';
import { cameUp, parseRelease, type ReleaseRecord, releaseHeads } from './release-record.ts';

/** It was not put back, whatever it is called: it ran until the next came. */
export const isLeft = ({ result, services }: ReleaseRecord) => cameUp(result) || services.length > 0;

/** The newest that was not put back. */
export const findRunning = (releases: readonly ReleaseRecord[]) => releases.findLast(isLeft);

/** The same, without unpacking all that came before it. */
export function readRunning(records: readonly SwarmRecord[]): ReleaseRecord | undefined {
  for (const head of releaseHeads(records).toReversed()) {
    const release = parseRelease(head, records);
    if (isLeft(release)) return release;
  }
  return undefined;
}

/** The one of that name, `r41` or `41`. Throws USAGE when there is none. */
export function findRelease(releases: readonly ReleaseRecord[], name: string): ReleaseRecord {
  const number = /^r?(\d+)$/.exec(name)?.[1];
  const found = releases.find((release) => release.number === Number(number));
  if (found) return found;
  const kept = releases.map((release) => `r${release.number}`).join(', ');
  throw new DeployError('USAGE', `there is no release ${name}`, {
    hint: kept ? `those that are kept: ${kept}` : 'nothing was deployed yet',
  });
}

/** What ran when it was begun; undefined: nothing did, or its record is gone. */
export const findBeforeOf = (releases: readonly ReleaseRecord[], { number }: ReleaseRecord) =>
  findRunning(releases.filter((release) => release.number < number));

/** The last one that ran, as somebody wanted it, before the one that runs. Throws USAGE when there is none. */
export function findBefore(releases: readonly ReleaseRecord[]): ReleaseRecord {
  const running = findRunning(releases);
  const found = releases.findLast(
    ({ number, id, result, isHalfDone }) =>
      running && number < running.number && id !== running.id && cameUp(result) && !isHalfDone,
  );
  if (found) return found;
  throw new DeployError('USAGE', 'there is no release to go back to', {
    hint: 'waggle releases lists those that are kept',
  });
}
