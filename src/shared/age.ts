const UNITS = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
] as const;

/** How long ago, in one unit: `3 h`, `40 s`; '' for what has no time. `since` is ISO 8601, `now` in ms. */
export function describeAge(since: string, now: number): string {
  const ms = now - Date.parse(since);
  if (Number.isNaN(ms)) return '';
  const [unit, size] = UNITS.find(([, least]) => ms >= least) ?? ['s', 1000];
  // Another machine's clock may be a little ahead.
  return `${Math.max(0, Math.floor(ms / size))} ${unit}`;
}
