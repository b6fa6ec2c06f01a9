import { DeployError } from '../../shared/errors.ts';
import type { SwarmRecord } from '../../shared/swarm.ts';
import { describeServices } from './describe-releases.ts';
import {
  type History,
  judgeRelease,
  type ReleaseRecord,
  ranHealthy,
  releaseHeads,
  requireHistory,
} from './release-record.ts';
import { type Parsed, requireReadable, requireValue } from './stored.ts';

/** It was not put back, whatever it is called: it ran until the next came. */
export const isLeft = ({ result, services }: ReleaseRecord) => ranHealthy(result) || services.length > 0;

/** The newest that was not put back. */
export const findRunning = (releases: readonly ReleaseRecord[]) => releases.findLast(isLeft);

/** The same, without unpacking all that came before it. */
function judgeRunning(records: readonly SwarmRecord[]): Parsed<ReleaseRecord> | undefined {
  for (const head of releaseHeads(records).toReversed()) {
    const judged = judgeRelease(head, records);
    if ('damage' in judged || isLeft(judged.value)) return judged;
  }
  return undefined;
}

/** Throws AUDIT_FAILED when it cannot be read. */
export function readRunning(records: readonly SwarmRecord[]): ReleaseRecord | undefined {
  const judged = judgeRunning(records);
  return judged && requireValue(judged);
}

/** `undefined` also when it cannot be read. */
export function findReadableRunning(records: readonly SwarmRecord[]): ReleaseRecord | undefined {
  const judged = judgeRunning(records);
  return judged && 'value' in judged ? judged.value : undefined;
}

/** The one of that name, `r41` or `41`. Throws USAGE when there is none, AUDIT_FAILED when it cannot be read. */
export function findRelease({ releases, damaged }: History, name: string): ReleaseRecord {
  const number = /^r?(\d+)$/.exec(name)?.[1];
  const isIt = (release: { readonly number: number }) => release.number === Number(number);
  const found = releases.find(isIt);
  if (found) return found;
  requireReadable(damaged.filter(isIt));
  const kept = releases.map((release) => `r${release.number}`).join(', ');
  throw new DeployError('USAGE', `there is no release ${name}`, {
    hint: kept ? `those that are kept: ${kept}` : 'nothing was deployed yet',
  });
}

/** What ran when it was begun; undefined: nothing did, or its record is gone or cannot be read. */
export function findBeforeOf(
  { releases, damaged }: History,
  { number }: ReleaseRecord,
): ReleaseRecord | undefined {
  const found = findRunning(releases.filter((release) => release.number < number));
  const isHidden = damaged.some((one) => one.number < number && one.number > (found?.number ?? 0));
  return isHidden ? undefined : found;
}

/**
 * The last healthy release before the running one that differs from it by more than the number of tasks. After a
 * rollback the search goes on from the release that was rolled back to, so that a second one does not undo the first.
 * Throws PREFLIGHT_FAILED when there is none, AUDIT_FAILED when one that cannot be read may be it.
 */
export function findBefore(history: History): ReleaseRecord {
  const { releases } = history;
  const running = findRunning(releases);
  const place = running ? placeOf(releases, running) : 0;
  const found = releases.findLast(
    (one) =>
      one.number < place && ranHealthy(one.result) && !one.isHalfDone && !(running && isSame(one, running)),
  );
  requireHistory(history, found?.number);
  if (found) return found;
  const why = running ? `no earlier release differs from r${running.number}` : 'nothing was deployed yet';
  throw new DeployError('PREFLIGHT_FAILED', `cannot roll back: ${why}`, {
    hint: '`waggle releases` lists the kept releases; to run an older commit, check it out and deploy it',
  });
}

/** The number of the release that first ran what this one runs, as far back as nothing else ran between. */
function placeOf(releases: readonly ReleaseRecord[], release: ReleaseRecord): number {
  const earlier = releases.filter(({ number }) => number < release.number);
  const { rollbackTo } = release;
  const to = earlier.find(({ number }) => number === rollbackTo);
  if (rollbackTo !== undefined) return to ? placeOf(earlier, to) : rollbackTo;
  const before = findRunning(earlier);
  return before && isSame(before, release) ? placeOf(earlier, before) : release.number;
}

/** Whether they differ by nothing but the number of tasks. */
const isSame = (one: ReleaseRecord, other: ReleaseRecord): boolean =>
  describeServices(unscaled(one), unscaled(other)).length === 0;

const unscaled = ({ services, templates }: ReleaseRecord) => ({
  templates,
  services: services.map((spec) =>
    spec.Mode?.Replicated ? { ...spec, Mode: { ...spec.Mode, Replicated: {} } } : spec,
  ),
});
