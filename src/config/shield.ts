/** Waggle marks what it fills in later with these; see plan/variables.ts. */
const OURS = /[\uE000-\uE004]/g;
const SHIELDED = /\uE004([0-4])/g;
const FIRST = 0xe000;

/** Text from outside, in which no character can be taken for a mark of ours. */
export function shield(text: string): string {
  return text.replace(OURS, (character) => `\uE004${character.charCodeAt(0) - FIRST}`);
}

/** The text as it came. */
export function unshield(text: string): string {
  return text.replace(SHIELDED, (_, digit: string) => String.fromCharCode(FIRST + Number(digit)));
}
