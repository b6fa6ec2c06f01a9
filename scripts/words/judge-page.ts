import { findTerms } from './terms.ts';

const MOST_LINES = 250;
const MOST_WORDS = 30;
const MOST_WORDS_IN_CELL = 25;

/** A place in a file, and what is wrong there. */
export interface Hit {
  readonly line: number;
  readonly message: string;
}

/** What is wrong with a Markdown page. */
export function judgePage(text: string): readonly Hit[] {
  const lines = blankOut(text).split('\n');
  const length = text.trimEnd().split('\n').length;
  return [
    ...(length > MOST_LINES
      ? [{ line: MOST_LINES, message: `the page has ${length} lines, over ${MOST_LINES}` }]
      : []),
    ...paragraphsOf(lines).flatMap(judgeParagraph),
    ...lines.flatMap((line, at) =>
      isRow(line) ? cellsOf(line).flatMap((cell) => judgeCell(cell, at + 1)) : [],
    ),
  ];
}

const isRow = (line: string) => line.startsWith('|');
const cellsOf = (row: string) => row.split(/(?<!\\)\|/).slice(1, -1);
const countWords = (text: string) => text.split(/\s+/).filter((word) => /[\p{L}\d]/u.test(word)).length;

/** Code, comments and quotes are not prose. Lines stay where they are. */
function blankOut(text: string): string {
  const keepLines = (found: string) => found.replace(/[^\n]/g, '');
  return text
    .replace(/^```[\s\S]*?^```/gm, keepLines)
    .replace(/<!--[\s\S]*?-->/g, keepLines)
    .replace(/^>.*$/gm, '')
    .replace(/`[^`]+`/g, 'X')
    .replace(/!?\[([^\]]*)\]\([^)\s]+\)/g, '$1');
}

interface Paragraph {
  readonly line: number;
  readonly text: string;
}

/** Lines of prose that belong together: an entry of a list is one by itself, and so is a heading. */
function paragraphsOf(lines: readonly string[]): readonly Paragraph[] {
  const paragraphs: Paragraph[] = [];
  let isOpen = false;
  for (const [at, line] of lines.entries()) {
    const isProse = line.trim() !== '' && !isRow(line);
    const isNew = !isOpen || /^\s*([-*]|\d+\.|#+) /.test(line);
    const last = paragraphs.at(-1);
    if (isProse && isNew) paragraphs.push({ line: at + 1, text: line.trim() });
    else if (isProse && last) paragraphs.splice(-1, 1, { ...last, text: `${last.text} ${line.trim()}` });
    isOpen = isProse && !line.startsWith('#');
  }
  return paragraphs;
}

function judgeParagraph({ line, text }: Paragraph): readonly Hit[] {
  const long = text
    .split(/(?<=[.!?])["'*)]*\s+/)
    .filter((sentence) => countWords(sentence) > MOST_WORDS)
    .map((sentence) => `a sentence has ${countWords(sentence)} words: ${sentence.slice(0, 50)}…`);
  return [...findTerms(text), ...long].map((message) => ({ line, message }));
}

function judgeCell(cell: string, line: number): readonly Hit[] {
  const words = countWords(cell);
  const long = words > MOST_WORDS_IN_CELL ? [`a cell has ${words} words, over ${MOST_WORDS_IN_CELL}`] : [];
  return [...findTerms(cell), ...long].map((message) => ({ line, message }));
}
