import { describe, expect, test } from 'vitest';
import { judgeHelp } from '../../scripts/words/judge-help.ts';
import { judgePage } from '../../scripts/words/judge-page.ts';
import { judgeSource } from '../../scripts/words/judge-source.ts';
import { findTerms } from '../../scripts/words/terms.ts';
import type { Command } from '../../src/cli/command.ts';

const words = (count: number) => Array.from({ length: count }, () => 'word').join(' ');

test.each([
  ['whoever has the lock', 1],
  ['the stack is put back as it was', 2],
  ['it takes the whole release back', 1],
  ['the journal goes on', 1],
  ['a name for ever', 1],
  ['is no port', 1],
  ['there is no such file', 0],
  ['it is no longer there', 0],
  ['somebody changed it by hand', 0],
  ['do it by hand', 1],
  ['Docker says "put back as it was"', 0],
  ['Waggle restores the stack', 0],
])('%s: %i wrong words', (text, count) => {
  expect(findTerms(text)).toHaveLength(count);
});

describe('a page', () => {
  test.each([
    ['a long sentence', `A ${words(30)}.`, 1],
    ['a long sentence over two lines', `A ${words(15)}\n${words(15)}.`, 1],
    ['two sentences', `A ${words(20)}. B ${words(20)}.`, 0],
    ['two entries of a list', `- A ${words(20)}\n- B ${words(20)}`, 0],
    ['a long cell', `| a | b |\n|---|---|\n| c | ${words(26)} |`, 1],
    ['a wrong word in a cell', '| a | whatever |', 1],
    ['a block of code', `\`\`\`\nwhatever ${words(40)}\n\`\`\``, 0],
    ['code in a line', 'Use `for ever`.', 0],
    ['a quote', '> whoever', 0],
    ['too many lines', 'A line.\n\n'.repeat(126), 1],
  ])('%s', (_what, text, count) => {
    expect(judgePage(text)).toHaveLength(count);
  });

  test('names the line', () => {
    expect(judgePage('# Title\n\nFine.\n\nA text\nfor whoever.')).toMatchObject([{ line: 5 }]);
  });
});

test('finds messages and comments of a source file, and no identifiers', () => {
  const code =
    "// for whoever\nconst putBack = 'way back';\nfail(`put ${what} back`, /\"whoever/, 'it runs');\n";
  const { shown, comments } = judgeSource(code);
  expect(shown.map(({ line }) => line)).toEqual([2, 3]);
  expect(comments.map(({ line }) => line)).toEqual([1]);
});

test('help begins with a verb and is short', () => {
  const command = (summary: string, meaning: string): Command => ({
    ...{ name: 'x', summary, examples: [], flags: { y: { meaning } } },
    run: async () => undefined,
  });
  expect(judgeHelp(command('Show the tasks', 'Wait for the lock'))).toEqual([]);
  expect(judgeHelp(command('show the tasks', 'The lock'))).toHaveLength(2);
  expect(judgeHelp(command(`Show ${words(20)}`, 'Wait'))).toHaveLength(1);
});
