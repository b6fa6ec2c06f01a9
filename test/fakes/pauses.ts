import { vi } from 'vitest';

/** Pauses are kept, and not waited for, until mocks are restored. */
export function skipPauses(): readonly number[] {
  const pauses: number[] = [];
  vi.spyOn(globalThis, 'setTimeout').mockImplementation(((then: () => void, ms = 0) => {
    pauses.push(ms);
    return setImmediate(then);
  }) as typeof setTimeout);
  return pauses;
}
