import type { Digests, Release } from '../plan/release.ts';
import type { SwarmNode } from '../shared/swarm.ts';
import type { Tools } from '../shared/tools.ts';
import type { Snapshot } from '../swarm/plan-restore.ts';

/** One thing that a deploy does. Everything it needs to know is in the release or was learned before it. */
export interface Step {
  readonly name: string;
  /** What it will do, a line each; no lines: nothing to do, the step is skipped. Pure: a dry run prints it. */
  describe(release: Release): readonly string[];
  /** Does it; returns what later steps need and nobody could know before. */
  run(deployment: Deployment): Promise<Partial<Learned> | undefined>;
  /** Takes it back, also when `run` stopped half way or never got to do anything. */
  undo?(deployment: Deployment): Promise<void>;
}

export interface Deployment {
  readonly release: Release;
  readonly facts: Facts;
  readonly tools: Tools;
  readonly learned: Learned;
}

/** What the cluster said before anything was changed. */
export interface Facts {
  readonly nodes: readonly SwarmNode[];
}

export interface Learned {
  readonly digests: Digests;
  /** undefined until the first change to the stack is about to be made. */
  readonly before?: Snapshot;
}
