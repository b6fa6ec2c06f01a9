import type { LiveNetwork } from '../../shared/network.ts';
import type { SwarmNode, SwarmObject, SwarmRecord, SwarmService, SwarmTask } from '../../shared/swarm.ts';
import type { VersionNames } from '../release/release.ts';

/** What the cluster said before anything was changed. */
export interface ClusterFacts {
  readonly nodes: readonly SwarmNode[];
  /** Of this stack. */
  readonly services: readonly SwarmService[];
  /** Of the whole cluster. */
  readonly networks: readonly LiveNetwork[];
  readonly secrets: readonly SwarmObject[];
  readonly configs: readonly SwarmObject[];
  /** Of every stack: what each node has to do already. */
  readonly tasks: readonly SwarmTask[];
  /** What Waggle remembers of this stack. */
  readonly records: readonly SwarmRecord[];
  /** objectId -> the version in the cluster that holds this content already. */
  readonly reusable: VersionNames;
}
