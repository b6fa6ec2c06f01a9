import { vi } from 'vitest';

/** Pauses are kept, and not waited for, until mocks are restored. */
export function skipPauses(): readonly number[] {
  const pauses: number[] = [];
  const skip = (then: () => void, ms = 0) => {
    pauses.push(ms);
    return setImmediate(then);
  };
  vi.spyOn(globalThis, 'setTimeout').mockImplementation(skip as unknown as typeof setTimeout);
  return pauses;
}
