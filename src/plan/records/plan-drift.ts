import type { ServiceSpec } from '../../shared/service-spec.ts';
import type { SwarmRecord } from '../../shared/swarm.ts';
import type { ClusterFacts } from '../changes/facts.ts';
import { PHASE_LABEL } from '../labels.ts';
import type { Release } from '../release/release.ts';
import { renewNetworks } from '../spec/network-ids.ts';
import type { Templates } from '../spec/templates.ts';
import { describeServices } from './describe-releases.ts';
import { readRunning } from './find-release.ts';
import { isOfKind } from './stored.ts';

/**
 * What somebody changed by hand since the last release, a line each. Jobs of the release phase are no part of it; nor
 * is a network that was made anew, nor anything while a run is under way, or was killed half way: what differs then is its own doing.
 */
export function planDrift(
  records: readonly SwarmRecord[],
  live: Pick<ClusterFacts, 'services' | 'networks'>,
  { settings: { KEEP_LIVE_SCALE: isScaleTheirs }, templates: planned }: DriftContext,
): readonly string[] {
  const running = readRunning(records);
  if (!running || records.some(isOfKind('journal'))) return [];
  const specs = live.services.map(({ spec }) => spec).filter(({ Labels }) => !Labels?.[PHASE_LABEL]);
  const recorded = renewNetworks(running.services, running.networks, live.networks);
  const { templates } = running;
  const services = isScaleTheirs ? scaleAs(recorded, specs) : specs;
  return describeServices(
    { services: recorded, templates },
    { services, templates: [...templates, ...planned] },
  );
}

/** What of a release decides what drift is, and what of it may be shown. */
interface DriftContext {
  readonly settings: Pick<Release['settings'], 'KEEP_LIVE_SCALE'>;
  readonly templates: Templates;
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
