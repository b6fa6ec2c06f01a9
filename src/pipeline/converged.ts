import type { PollResult } from '../swarm/poll-result.ts';

export interface Goal {
  readonly areGood: (looks: readonly PollResult[]) => boolean;
  readonly onLook?: (looks: readonly PollResult[]) => Promise<void>;
  /** undefined: what is left of DEPLOY_TIMEOUT. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

/** Services that have converged, and are watched on. */
export interface Converged {
  /** The services at that time. */
  readonly looks: readonly PollResult[];
  /** Waits for the next goal. Throws NOT_CONVERGED, with the diagnosis, when it cannot be reached. */
  readonly until: (goal: Goal) => Promise<readonly PollResult[]>;
}
