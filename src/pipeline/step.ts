import type { ClusterFacts } from '../plan/changes/facts.ts';
import type { Holder } from '../plan/records/lock.ts';
import type { OnMeanwhile } from '../plan/records/on-drift.ts';
import type { Digests, Release } from '../plan/release/release.ts';
import type { LiveNetwork } from '../shared/network.ts';
import type { Project } from '../shared/project.ts';
import type { SwarmService } from '../shared/swarm.ts';
import type { Tools } from '../shared/tools.ts';
import type { Snapshot } from '../swarm/plan-restore.ts';
import type { Converged } from './converged.ts';
import type { Interruption } from './history/interruptions.ts';
import type { Journal } from './history/journal.ts';
import type { DesiredState } from './push/desired-state.ts';

/** One thing that a deploy does. Everything it needs to know is in the release or was handed on it. */
export interface Step {
  readonly name: string;
  /** What it will do, a line each; no lines: nothing to do, the step is skipped. Pure: a dry run prints it. */
  describe(release: Release): readonly string[];
  /** Does it; returns what later steps need and nobody could know before. */
  run(deployment: Deployment): Promise<Partial<StepOutputs> | undefined>;
  /** It changes something in the cluster: it is not begun before the journal says that it is reached. */
  readonly isChange?: (deployment: Deployment) => boolean;
  /** It runs a command on the manager, which may continue without its connection. */
  readonly runsCommand?: boolean;
  /** What its undoing is called; undefined: `undo: <name>`. */
  readonly undoing?: string;
  /** It is undone only if all later steps were undone. */
  readonly needsAllBack?: boolean;
  /** Undoes the step, also if `run` failed early or did nothing. */
  undo?(deployment: Deployment): Promise<void>;
}

export interface Deployment {
  readonly release: Release;
  /** What the cluster said before anything was changed. */
  readonly facts: ClusterFacts;
  readonly tools: Tools;
  /** Who runs it. */
  readonly holder: Holder;
  readonly outputs: StepOutputs;
}

/** All that a restore needs. */
export type RestoreContext = Pick<Deployment, 'release' | 'tools'>;

export interface StepOutputs {
  readonly digests: Digests;
  /** The repository that is deployed from; undefined if the desired state names it. */
  readonly project?: Project;
  /** Ids of all tasks that there were before this run's first change. */
  readonly known?: ReadonlySet<string>;
  /** The state before this run, for a restore; undefined until the journal is open. */
  readonly before?: Snapshot;
  /** Open from before the first change until no restore is needed. */
  readonly journal?: Journal;
  /** Interrupted runs that this one continues. */
  readonly interruptions?: readonly Interruption[];
  /** `performance.now()` of when the first change to the stack was about to be made. */
  readonly began?: number;
  /** undefined: `overwrite`. */
  readonly onMeanwhile?: OnMeanwhile;
  /** What it is to change, a line each; undefined if the desired state names it. */
  readonly plan?: readonly string[];
  /** Services that are removed and made again, as the stack file names them. */
  readonly recreated?: readonly string[];
  /** The number that it has in the history; undefined until it is on record. */
  readonly number?: number;
  /** The specs that are pushed in place of a stack file. */
  readonly desired?: DesiredState;
  /** The services and networks as Docker made them of the release. */
  readonly deployed?: readonly SwarmService[];
  readonly networks?: readonly LiveNetwork[];
  /** The services once they have converged; they are watched until the verdict. */
  readonly converged?: Converged;
}
