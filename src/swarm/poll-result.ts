import type { SwarmService, SwarmTask } from '../shared/swarm.ts';
import type { Verdict } from './judge-service.ts';

/** What one look at a service showed. */
export interface PollResult {
  readonly service: SwarmService;
  /** Of its current spec, with those that Swarm has forgotten since the watch began. */
  readonly tasks: readonly SwarmTask[];
  readonly verdict: Verdict;
}
