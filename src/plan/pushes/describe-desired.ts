import type { LiveNetwork } from '../../shared/network.ts';
import type { ServiceSpec } from '../../shared/service-spec.ts';
import type { ClusterFacts } from '../changes/facts.ts';
import { PHASE_LABEL } from '../labels.ts';
import { describeServices } from '../records/describe-releases.ts';
import { renewNetworks } from '../spec/network-ids.ts';
import type { Templates } from '../spec/templates.ts';

interface DesiredSpecs {
  readonly specs: readonly ServiceSpec[];
  readonly networks?: readonly LiveNetwork[];
  /** What the change is for the history: `scale api 3 -> 5`. */
  readonly note?: string;
}

/** The differences between the running services and the wanted ones, a line each. Shows no sensitive value. */
export function describeDesired(
  { services, networks }: Pick<ClusterFacts, 'services' | 'networks'>,
  wanted: DesiredSpecs,
  templates: Templates,
): readonly string[] {
  const live = services.map(({ spec }) => spec).filter(({ Labels }) => !Labels?.[PHASE_LABEL]);
  const specs = renewNetworks(wanted.specs, wanted.networks ?? [], networks);
  const lines = describeServices({ services: live, templates }, { services: specs, templates });
  if (lines.length > 0) return lines;
  return [wanted.note ?? 'nothing would change: every service runs that spec already'];
}
