/**
 * A command line as words, the way Docker's client splits `command:` and `entrypoint:` that are text: quotes and
 * backslashes as in a shell, no expansion, and a word that begins with # ends it. undefined when a quote is open.
 */
export function parseCommand(text: string): readonly string[] | undefined {
  const words: string[] = [];
  let word: string | undefined;
  let quote = '';
  for (let at = 0; at < text.length; at++) {
    const character = text[at] as string;
    const next = text[at + 1];
    if (quote === "'" || (quote === '"' && character !== '\\')) {
      if (character === quote) quote = '';
      else word = (word ?? '') + character;
    } else if (character === '\\') {
      if (next === undefined) return undefined;
      word = (word ?? '') + next;
      at++;
    } else if (character === "'" || character === '"') {
      quote = character;
      word ??= '';
    } else if (/\s/.test(character)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else if (character === '#' && word === undefined) {
      const end = text.indexOf('\n', at);
      if (end < 0) break;
      at = end;
    } else word = (word ?? '') + character;
  }
  if (quote) return undefined;
  return word === undefined ? words : [...words, word];
}
