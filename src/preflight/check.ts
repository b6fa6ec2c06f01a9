import type { Release } from '../plan/release.ts';
import type { SwarmNode } from '../shared/swarm.ts';
import type { Tools } from '../shared/tools.ts';

/** Asks one question before anything is changed, and changes nothing itself. Throws a DeployError when the answer is no. */
export interface Check {
  readonly name: string;
  run(scene: CheckScene): Promise<void>;
}

export interface CheckScene {
  readonly release: Release;
  readonly nodes: readonly SwarmNode[];
  readonly tools: Tools;
}
