import type { ClusterSettings } from '../config/settings.ts';
import type { Removing } from '../swarm/remove-services.ts';
import type { Restoring } from './step.ts';

/** How long is waited for the cluster. */
export function patienceOf({
  DEPLOY_TIMEOUT,
  PROGRESS_DEADLINE,
}: Pick<ClusterSettings, 'DEPLOY_TIMEOUT' | 'PROGRESS_DEADLINE'>): {
  readonly timeoutMs: number;
  readonly progressMs: number;
} {
  return { timeoutMs: DEPLOY_TIMEOUT * 1000, progressMs: PROGRESS_DEADLINE * 1000 };
}

/** With which services of the stack are removed, and waited for. */
export const removingOf = ({ release: { stack, settings }, tools }: Restoring): Removing => ({
  ...tools,
  ...patienceOf(settings),
  stack,
});
