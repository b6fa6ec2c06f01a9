import type { Command } from '../../src/cli/command.ts';

const MOST_SIGNS = 60;

/** Verbs that a summary or an option may begin with. */
const VERBS = new Set(
  [
    'Add Allow Answer Ask Assume Build Change Check Choose Compare Continue Create Deploy Exit Follow Give Include',
    'Keep Limit List Lock Match Name Open Pass Plan Print Read Record Recreate Remove Rename Replace Restore Resume Roll Run',
    'Save Select Send Set Show Skip Start Stop Take Try Update Use Wait Write',
  ].flatMap((line) => line.split(' ')),
);

/** What is wrong with the texts that `--help` prints for a command. */
export function judgeHelp({ name, summary, flags }: Command): readonly string[] {
  const texts = [
    [name, summary],
    ...Object.entries(flags).map(([flag, { meaning }]) => [`${name} --${flag}`, meaning]),
  ] as const;
  return texts.flatMap(([what = '', text = '']) => [
    ...(text.length > MOST_SIGNS
      ? [`${what}: "${text}" has ${text.length} characters, over ${MOST_SIGNS}`]
      : []),
    ...(VERBS.has(text.split(' ')[0] ?? '')
      ? []
      : [`${what}: "${text}" does not begin with an imperative verb`]),
  ]);
}
