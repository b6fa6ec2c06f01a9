/** Words that people must not read, each with what to write instead. */
export const TERMS: readonly (readonly [word: RegExp, instead: string])[] = [
  [/\bwho(ever|soever)\b/i, 'name the actor: you, the holder, the next run'],
  [/\bwhat(ever|soever)\b/i, 'name the things, or "any"'],
  [/\bwhat (is|are|was|were) to\b/i, 'a noun: the change, the target'],
  [/\bwhat becomes of\b/i, 'a verb with its actor'],
  [/\bof which\b/i, 'two sentences'],
  [/, for one\b/i, 'for example'],
  [/\bfor ?ever\b/i, 'without end'],
  [/\b(none|one|bug) of ours\b/i, 'of Waggle'],
  [/\b(is|are|was|were|be|been) (never )?told\b/i, 'receives, shows'],
  [/\bsa(ys|id|y) whether\b/i, 'returns whether, shows if'],
  [/\bbeside\b/i, 'next to'],
  [/\bonce more\b/i, 'retry, again'],
  [/\bso (many|long) as\b|\bfor so long\b|\bso many of\b/i, 'the number, the time'],
  [/\bas (it was|they were)\b/i, 'restored, the state before the run'],
  [/\bin thought\b/i, 'simulate'],
  [/\bb(ears?|orne) with\b/i, 'tolerate'],
  [
    /\b(put|puts|putting|take|takes|took|taken|taking|bring|brings|brought)( \w+){0,4} back\b/i,
    'restore, roll back',
  ],
  [/\bway back\b/i, 'restore, rollback'],
  [/\bgo(es)? back to\b/i, 'roll back to, restore'],
  [/\bhalf[ -](done|way)\b/i, 'interrupted, partial'],
  [/\bsigns? of life\b/i, 'renewal of the lock'],
  [/\bwho has it\b/i, 'the holder'],
  [/\bwhat was begun\b/i, 'the journal'],
  [/\basks? for (its )?health\b|\basked for health\b/i, 'probe'],
  [/\bha(s|ve) come up\b|\bdo(es)? not come up\b/i, 'converged, does not start'],
  [/\btake (it )?as it is\b/i, 'adopt'],
  [/\bgoes on\b|\bgo on\b/i, 'continues, resume'],
  [/\bby hand\b(?<!chang(e|es|ed|ing)( \w+){0,2} by hand)/i, 'manually, or name the command'],
  [/\bdo(es)? not fit any more\b/i, 'is out of date'],
  [/(?<!there )\bis no (?!longer|more)(?=[a-z]+)/i, 'is not a'],
];

/** Each wrong word of a text, with what to write instead. Text in double quotes is quoted from elsewhere. */
export function findTerms(text: string): readonly string[] {
  const own = text.replace(/"[^"\n]*"/g, '""');
  return TERMS.flatMap(([word, instead]) => {
    const [found] = word.exec(own) ?? [];
    return found === undefined ? [] : [`"${found.trim()}": ${instead}`];
  });
}
