import type { ClusterSettings } from '../config/settings.ts';

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
