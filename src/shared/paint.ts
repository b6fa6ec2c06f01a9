/** ANSI colours, as terminals number them. */
const COLOURS = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33, cyan: 36 } as const;

export type Colour = keyof typeof COLOURS;

export function paint(colour: Colour, text: string): string {
  return `\u001B[${COLOURS[colour]}m${text}\u001B[0m`;
}
