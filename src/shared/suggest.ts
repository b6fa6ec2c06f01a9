import leven from 'leven';

/** `: did you mean restart?` for a word that is near enough to a known one to be a slip; else nothing. */
export function suggest(word: string, known: readonly string[]): string {
  const [nearest] = known
    .map((one) => ({ one, distance: leven(word.toLowerCase(), one.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance);
  const isNear = nearest && nearest.distance <= Math.max(2, Math.floor(nearest.one.length / 3));
  return isNear ? `: did you mean ${nearest.one}?` : '';
}
