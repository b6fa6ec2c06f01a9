import type { Cause } from './cause.ts';

const MIB = 2 ** 20;

export const outOfMemory: Cause = {
  name: 'out of memory',
  explain({ task: { exitCode }, spec, log }) {
    // A runtime that finds its own heap too small says so and ends in its own way.
    const isSaid = log.some((line) => /out of memory|OutOfMemoryError/i.test(line));
    if (exitCode !== 137 && !isSaid) return undefined;
    const { MemoryBytes } = spec.TaskTemplate?.Resources?.Limits ?? {};
    const limit = MemoryBytes ? `its limit of ${Math.round(MemoryBytes / MIB)} MiB` : "the node's memory";
    return `it was killed, most likely for ${limit}: raise resources.limits.memory, or let it use less`;
  },
};
