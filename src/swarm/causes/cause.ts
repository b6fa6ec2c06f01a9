import type { ServiceSpec } from '../../shared/service-spec.ts';
import type { SwarmNode, SwarmTask } from '../../shared/swarm.ts';

/** A task that did not come up, with all that is known of it. */
export interface CauseContext {
  readonly task: SwarmTask;
  readonly spec: ServiceSpec;
  /** That it was given to; undefined: none, or one that is gone. */
  readonly node: SwarmNode | undefined;
  /** Of the cluster. */
  readonly nodes: readonly SwarmNode[];
  /** The last lines that it printed. */
  readonly log: readonly string[];
  /** Whether the kernel killed a program in it for want of memory; undefined: its engine could not be asked. */
  readonly isOutOfMemory: boolean | undefined;
}

/** One thing that keeps tasks from coming up. */
export interface Cause {
  readonly name: string;
  /** What it most likely is and what to do, in one sentence; undefined: it is something else. */
  explain(context: CauseContext): string | undefined;
}

/** The name of the node that the task was given to, in a sentence. */
export const hostOf = ({ node }: Pick<CauseContext, 'node'>): string => node?.hostname ?? 'its node';
