import { vi } from 'vitest';

/** The shortest time limit: pauses between two attempts are shorter. */
const LIMIT_MS = 30_000;

/** Skips the pauses between attempts, until mocks are restored; returns them. Time limits stay as they are. */
export const skipPauses = (): readonly number[] => shorten(1).pauses;

/** Ends each time limit after a moment, until mocks are restored; returns the limits. Skips pauses, too. */
export const shortenLimits = (): readonly number[] => shorten(1_000).limits;

function shorten(times: number) {
  const [limits, pauses]: [number[], number[]] = [[], []];
  const { setTimeout: wait } = globalThis;
  const short = (then: () => void, ms = 0) => {
    (ms < LIMIT_MS ? pauses : limits).push(ms);
    return ms < LIMIT_MS ? setImmediate(then) : wait(then, ms / times);
  };
  vi.spyOn(globalThis, 'setTimeout').mockImplementation(short as unknown as typeof setTimeout);
  return { limits, pauses };
}
