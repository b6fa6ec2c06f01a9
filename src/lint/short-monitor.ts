import { parseDuration } from '../config/parse-units.ts';
import type { StackHealthcheck } from '../config/stack-document.ts';
import { isOff, type Rule, servicesOf } from './rule.ts';

const SECOND = 1e9;
/** Docker's own: https://docs.docker.com/reference/dockerfile/#healthcheck */
const DEFAULTS = {
  interval: 30 * SECOND,
  timeout: 30 * SECOND,
  retries: 3,
  start_period: 0,
  monitor: 5 * SECOND,
};

export const shortMonitor: Rule = {
  id: 'short-monitor',
  level: 'warning',
  reason: 'Swarm stops watching a new task before its healthcheck can fail, and calls a bad version done',
  find: (scene) =>
    servicesOf(scene).flatMap(({ service: { healthcheck, deploy }, at }) => {
      if (!healthcheck || isOff(healthcheck)) return [];
      const monitor = nanoseconds(deploy?.update_config?.monitor, DEFAULTS.monitor);
      const needed = timeToFail(healthcheck);
      if (monitor >= needed) return [];
      const path = ['deploy', 'update_config', 'monitor'];
      const seconds = (value: number) => `${Math.ceil(value / SECOND)}s`;
      return [
        at(
          path,
          `is ${seconds(monitor)}, but the healthcheck needs ${seconds(needed)} to fail (start_period + (interval + timeout) x retries): make it at least that`,
        ),
      ];
    }),
};

/** One that hangs fails only after its timeout, and only then does the interval to the next one begin. */
function timeToFail({ retries = DEFAULTS.retries, ...times }: StackHealthcheck): number {
  const once = nanoseconds(times.interval, DEFAULTS.interval) + nanoseconds(times.timeout, DEFAULTS.timeout);
  return nanoseconds(times.start_period, DEFAULTS.start_period) + once * retries;
}

function nanoseconds(duration: string | undefined, fallback: number): number {
  return duration === undefined ? fallback : (parseDuration(duration) ?? fallback);
}
