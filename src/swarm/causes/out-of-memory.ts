import type { ServiceSpec } from '../../shared/service-spec.ts';
import type { Cause } from './cause.ts';

const MIB = 2 ** 20;

export const MORE_MEMORY = 'raise resources.limits.memory, or let it use less';

export const outOfMemory: Cause = {
  name: 'out of memory',
  explain({ task: { exitCode, error }, spec, log, isOutOfMemory }) {
    // The runtime's own words, of a container that did not come to its program.
    if (/unable to set memory limit|OOM-killed/.test(error))
      return `${memoryOf(spec)} is less than it takes to start: ${MORE_MEMORY}`;
    // Another program of the container's may have been killed, and its first one ended for that.
    const who = exitCode === 137 ? 'it' : 'a program in it';
    if (isOutOfMemory) return `${who} was killed for ${memoryOf(spec)}: ${MORE_MEMORY}`;
    // A runtime that finds its own heap too small says so and ends in its own way.
    const isSaid = log.some((line) => /out of memory|OutOfMemoryError/i.test(line));
    return isSaid
      ? `it says that it is out of memory: ${MORE_MEMORY}, and look at what its runtime may take of it`
      : undefined;
  },
};

/** What a task may use, in words. */
export function memoryOf({ TaskTemplate }: ServiceSpec): string {
  const { MemoryBytes } = TaskTemplate?.Resources?.Limits ?? {};
  return MemoryBytes ? `its limit of ${Math.round(MemoryBytes / MIB)} MiB` : "the node's memory";
}
