import leven from 'leven';

/** `: did you mean restart?` for a word that is near enough to a known one to be a slip; else nothing. */
export function suggest(word: string, known: readonly string[]): string {
  const [nearest] = known
    .map((one) => ({ one, distance: distanceOf(word.toLowerCase(), one.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance);
  const isNear = nearest && nearest.distance <= Math.max(1, Math.floor(nearest.one.length / 3));
  return isNear ? `: did you mean ${nearest.one}?` : '';
}

/** How many slips lead from one word to the other. Two letters that changed places are one. */
function distanceOf(word: string, known: string): number {
  const swapped = Array.from(
    { length: Math.max(0, word.length - 1) },
    (_, at) => word.slice(0, at) + word.charAt(at + 1) + word.charAt(at) + word.slice(at + 2),
  );
  return Math.min(leven(word, known), ...swapped.map((one) => 1 + leven(one, known)));
}
