import type { SwarmRecord, SwarmService } from '../../shared/swarm.ts';
import { findReadableRunning } from './find-release.ts';

/** The tag that services run, by the last record; undefined: there is none, or somebody gave them other images since. */
export function findVersion(
  records: readonly SwarmRecord[],
  services: readonly Pick<SwarmService, 'name' | 'spec'>[],
): string | undefined {
  const running = findReadableRunning(records);
  const images = new Map(running?.services.map((spec) => [spec.Name, imageOf(spec)]));
  return services.every(({ name, spec }) => images.get(name) === imageOf(spec)) ? running?.tag : undefined;
}

const imageOf = ({ TaskTemplate }: SwarmService['spec']) => TaskTemplate?.ContainerSpec?.Image;
