/** Where Waggle reads env files and projects of several files otherwise than Docker's tools. The proof `compose-oracle` prints this table. */
export interface Difference {
  readonly id: string;
  readonly why: string;
  /** Waggle refuses the files, and says this. */
  readonly refused?: RegExp;
  /** The client refuses the files, and says this. */
  readonly refusedByClient?: RegExp;
}

/** The differences that explained something. */
export const seen = new Set<string>();

export function isExplained(
  differences: readonly Difference[],
  by: 'refused' | 'refusedByClient',
  said: string,
): boolean {
  const found = differences.find((one) => one[by]?.test(said));
  if (found) seen.add(found.id);
  return found !== undefined;
}

export const ENV_DIFFERENCES: readonly Difference[] = [
  {
    id: 'blank-in-name',
    why: 'in an `env_file:` a name with a blank of any kind is an error; Docker refuses spaces and tabs only',
    refused: /has a blank in the name/,
  },
  {
    id: 'no-substitution',
    why: 'values are not substituted: a $ outside single quotes is an error',
    refused: /has a \$ outside single quotes/,
  },
  {
    id: 'unquoted-hash',
    why: 'an unquoted # that may or may not begin a comment is an error',
    refused: /an unquoted #/,
  },
  { id: 'set-twice', why: 'a key that is set twice is an error', refused: /is already set on line/ },
  {
    id: 'quotes',
    why: 'quotes that do not end, or that text follows, are an error; compose reads the rest as another line',
    refused: /\S begins with .* and has no|has text after its closing/,
  },
  {
    id: 'carriage-return',
    why: 'a carriage return within a line is an error',
    refused: /carriage return that ends no line|mixed line ends/,
  },
  {
    id: 'no-assignment',
    why: 'a line that is not KEY=value is an error: `KEY`, `export KEY` and `KEY: value`, too',
    refused: /is not KEY=value/,
  },
  {
    id: 'octal',
    why: '\\0 in double quotes is an error: compose reads a character by its number',
    refused: /has \\0 in double quotes/,
  },
  {
    id: 'invisible',
    why: 'an invisible character at an end of an unquoted value is an error; compose cuts off some of them',
    refused: /has an invisible character/,
  },
  { id: 'backticks', why: 'backticks are quotes, too; to compose they are characters' },
  { id: 'windows-lines', why: 'a value of several lines has \\n between them; compose keeps \\r\\n' },
];

export const PROJECT_DIFFERENCES: readonly Difference[] = [
  {
    id: 'published-twice',
    why: 'two services that publish one port are an error; compose finds out when it starts them',
    refused: /publishes .*, as .* does/,
  },
  {
    id: 'mounted-twice',
    why: 'two mounts at one place of a service are an error, as in Swarm; compose keeps the later',
    refused: /mounts at .*, as an entry above/,
  },
  {
    id: 'one-image',
    why: 'two services that build one image must build it alike',
    refused: /build is not that of/,
  },
  {
    id: 'unset-variable',
    why: 'a variable that nothing sets is an error; compose leaves it blank',
    refused: /\[unset-variable\]/,
  },
  {
    id: 'idle-variable',
    why: 'variables of services that are not deployed are not needed; compose requires each ${VAR:?} of a file',
    refusedByClient: /required variable .* is missing a value/,
  },
  {
    id: 'include-conflict',
    why: 'of two resources with one name that of the including file wins, then that of the first include; compose before 5 refuses them',
    refusedByClient: /conflicts with imported resource/,
  },
];
