const STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1_800, 3_600];
const MOST = 6;

/** Round moments of an axis of so many ms, from its beginning: at most six. */
export function planTicks(ms: number): readonly number[] {
  const wanted = STEPS.find((step) => ms / (step * 1000) <= MOST) ?? Math.ceil(ms / 1000 / MOST);
  return Array.from({ length: Math.floor(ms / (wanted * 1000)) + 1 }, (_, at) => at * wanted * 1000);
}

export const renderTick = (ms: number) =>
  ms % 60_000 === 0 && ms > 0 ? `${ms / 60_000} min` : `${ms / 1000} s`;
