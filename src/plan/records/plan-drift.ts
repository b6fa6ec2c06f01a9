import type { ServiceSpec } from '../../shared/service-spec.ts';
import type { SwarmRecord, SwarmService } from '../../shared/swarm.ts';
import { PHASE_LABEL } from '../labels.ts';
import type { Release } from '../release/release.ts';
import { describeServices } from './describe-releases.ts';
import { readRunning } from './find-release.ts';
import { isOfKind } from './stored.ts';

/**
 * What somebody changed by hand since the last release, a line each. Jobs of the release phase are no part of it; nor
 * is anything while a run is under way, or was killed half way: what differs then is its own doing.
 */
export function planDrift(
  records: readonly SwarmRecord[],
  live: readonly SwarmService[],
  { KEEP_LIVE_SCALE: isScaleTheirs }: Pick<Release['settings'], 'KEEP_LIVE_SCALE'>,
): readonly string[] {
  const running = readRunning(records);
  if (!running || records.some(isOfKind('journal'))) return [];
  const specs = live.map(({ spec }) => spec).filter(({ Labels }) => !Labels?.[PHASE_LABEL]);
  return describeServices(running.services, isScaleTheirs ? scaleAs(running.services, specs) : specs);
}

/** Specs with the scale that others of the same names have. */
export function scaleAs(
  others: readonly ServiceSpec[],
  specs: readonly ServiceSpec[],
): readonly ServiceSpec[] {
  const modes = new Map(others.map(({ Name, Mode }) => [Name, Mode]));
  return specs.map((spec) => {
    const mode = modes.get(spec.Name);
    return mode ? { ...spec, Mode: mode } : spec;
  });
}
