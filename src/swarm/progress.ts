import type { ServiceSpec } from '../shared/service-spec.ts';
import type { PollResult } from './poll-result.ts';

/**
 * Finds the services that get nowhere: none of their tasks changed its state for `baseMs`, and for as long as their
 * own spec lets them take besides. Called with each look.
 */
export function stallDetector(
  baseMs: number,
  now: () => number = () => performance.now(),
): (looks: readonly PollResult[]) => readonly PollResult[] {
  const seen = new Map<string, { readonly state: string; readonly since: number }>();
  return (looks) =>
    looks.filter((look) => {
      const { id, spec } = look.service;
      const state = describeState(look);
      const last = seen.get(id);
      if (last?.state !== state) seen.set(id, { state, since: now() });
      const isWaiting = look.verdict.kind === 'waiting';
      return isWaiting && last?.state === state && now() - last.since > baseMs + allowedMs(spec);
    });
}

function describeState({ service, tasks }: PollResult): string {
  const states = tasks.map(({ id, state }) => `${id} ${state}`).sort();
  return [service.version, service.update?.state, ...states].join(', ');
}

/** Between two changes there may lie the end of an old task, the start of a new one, and what the rollout waits. */
function allowedMs({ UpdateConfig, TaskTemplate }: ServiceSpec): number {
  const { Delay = 0, Monitor = 0 } = UpdateConfig ?? {};
  const { StopGracePeriod = 0, Healthcheck } = TaskTemplate?.ContainerSpec ?? {};
  const { StartPeriod = 0, Interval = 0, Timeout = 0, Retries = 0 } = Healthcheck ?? {};
  return (Delay + Monitor + StopGracePeriod + StartPeriod + (Interval + Timeout) * (Retries + 1)) / 1e6;
}
