import type { Cause } from './cause.ts';
import { MORE_MEMORY, memoryOf } from './out-of-memory.ts';
import { isChecked } from './unhealthy.ts';

/** 128 and the number of SIGKILL. */
const KILLED = 137;

/** Asked after those that know why. An engine with cgroup v1 does not know it when a whole node has no memory left. */
export const killed: Cause = {
  name: 'killed',
  explain({ task: { exitCode }, spec, isOutOfMemory }) {
    if (exitCode !== KILLED) return undefined;
    if (isOutOfMemory === undefined)
      return `it was killed, most likely for ${memoryOf(spec)}: ${MORE_MEMORY}`;
    const other = isChecked(spec)
      ? 'for its healthcheck, most likely, and it did not end on SIGTERM within its stop_grace_period'
      : 'by a person, or because its node had no memory left: see `dmesg` there';
    return `it was killed, and not for a limit of memory: ${other}`;
  },
};
