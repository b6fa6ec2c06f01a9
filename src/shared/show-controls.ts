/** C0 but tab and line feed, DEL, C1, and what ends a line or turns its direction in Unicode. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const CONTROLS = /[\0-\x08\v-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;
/** The end of a Windows line is a line end, and nothing to show. */
const RETURNS = /\r+(?=\n|$)/g;
const FIRST_LONG = 0x7f;

/**
 * Shows control characters as text (`\x1b`, `\u202e`): they could move a terminal, or pass for a line of Waggle's own.
 * In JSON the result is the same value, because JSON has no C0 as it is, and reads `\u`.
 */
export function showControls(text: string): string {
  return text.replace(RETURNS, '').replace(CONTROLS, asText);
}

function asText(character: string): string {
  const code = character.charCodeAt(0);
  return code < FIRST_LONG
    ? `\\x${code.toString(16).padStart(2, '0')}`
    : `\\u${code.toString(16).padStart(4, '0')}`;
}
