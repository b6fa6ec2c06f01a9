import type { ClusterSettings } from '../config/settings.ts';
import type { Release } from '../plan/release/release.ts';
import type { Tools } from '../shared/tools.ts';
import type { RemoveServicesOptions } from '../swarm/remove-services.ts';

/** How long is waited for the cluster. */
export function waitLimits({
  DEPLOY_TIMEOUT,
  PROGRESS_DEADLINE,
}: Pick<ClusterSettings, 'DEPLOY_TIMEOUT' | 'PROGRESS_DEADLINE'>): {
  readonly timeoutMs: number;
  readonly progressMs: number;
} {
  return { timeoutMs: DEPLOY_TIMEOUT * 1000, progressMs: PROGRESS_DEADLINE * 1000 };
}

/** What the manager may take to answer, and nodes to stop tasks, between the waits of a restore. */
const BETWEEN_MS = 120_000;
/** The gate pauses so long between two requests. */
const PAUSE_S = 2;

/** How long a restore may take as a whole: its rollout, one more if Swarm stops the first, and the health checks. */
export function restoreMs(settings: ClusterSettings): number {
  const { DEPLOY_TIMEOUT, DEPLOY_HEALTHCHECK_ATTEMPTS, DEPLOY_HEALTHCHECK_TIMEOUT } = settings;
  const checks = DEPLOY_HEALTHCHECK_ATTEMPTS * (DEPLOY_HEALTHCHECK_TIMEOUT + PAUSE_S);
  return (2 * DEPLOY_TIMEOUT + checks) * 1000 + BETWEEN_MS;
}

/** With which services of the stack are removed, and waited for. */
export const removalOptions = ({
  release: { stack, settings },
  tools,
}: {
  readonly release: Pick<Release, 'stack' | 'settings'>;
  readonly tools: Tools;
}): RemoveServicesOptions => ({
  ...tools,
  ...waitLimits(settings),
  stack,
});
