import type { Release } from '../plan/release/release.ts';
import type { Log } from '../shared/log.ts';
import type { Shell } from '../shared/shell.ts';
import type { RegistryReads, SwarmNode, SwarmReads } from '../shared/swarm.ts';
import type { Remote, Tools } from '../shared/tools.ts';

/** Asks one question before anything is changed, and changes nothing itself. Throws a DeployError when the answer is no. */
export interface Check {
  readonly name: string;
  run(context: CheckContext): Promise<void>;
}

export interface CheckContext {
  readonly release: Release;
  readonly nodes: readonly SwarmNode[];
  /** Without anything that could change the cluster, but for its shell: that is only asked. */
  readonly tools: {
    readonly swarm: SwarmReads & RegistryReads;
    readonly remote: Remote;
    readonly logins: Tools['logins'];
    readonly local: Shell;
    readonly log: Log;
  };
}
