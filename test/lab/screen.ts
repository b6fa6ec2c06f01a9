/** What is another on the screen of each run, by its kind; the rest is kept as it is in test/proof/screens. */
const KINDS: readonly (readonly [RegExp, string])[] = [
  [/\d{14}/g, '<time>'],
  [/\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d)?/g, '<time>'],
  [/sha256:[0-9a-f]{64}/g, 'sha256:<digest>'],
  [/@[0-9a-f]{12}\b/g, '@<digest>'],
  [/\(id: \w+\)/g, '(id: <id>)'],
  [/\bit took .*/g, 'it took <the whole, and what took longest>'],
  [/\d+\.\d s/g, '<n> s'],
  [/\b\d+ (s|min)\b/g, '<n> s'],
  [/\b([rv])\d+\b/g, '$1<n>'],
  [/[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏]/g, '⠋'],
  [/[■□]+ \d\/\d.*/g, '<slots, and what it waits for>'],
  [/\b(leader|manager)$/gm, '<role>'],
];

/** Steps that take a second only on a busy machine, and are not shown otherwise. */
const MAYBE_QUICK = /^✓ (?!wait for convergence)/;

/** Lines of things that are done at once, which come in any order. */
const AT_ONCE = [/^ {4}probe_/];

/** A screen as it is every time. */
export function plainScreen(text: string): string {
  const plain = KINDS.reduce((screen, [pattern, kind]) => screen.replace(pattern, kind), text);
  // A column is as wide as what it holds.
  const all = plain.split('\n').map((line) => line.trimEnd().replace(/(\S) {2,}/g, '$1  '));
  const lines = all.filter((line) => !MAYBE_QUICK.test(line));
  return `${AT_ONCE.reduce(sorted, lines).join('\n').trimEnd()}\n`;
}

function sorted(lines: readonly string[], pattern: RegExp): readonly string[] {
  const first = lines.findIndex((line) => pattern.test(line));
  const group = lines.filter((line) => pattern.test(line)).sort();
  return lines.filter((line) => !pattern.test(line)).toSpliced(Math.max(0, first), 0, ...group);
}
