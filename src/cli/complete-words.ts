import type { Command, Flag } from './command.ts';

/** What the project of this folder has. */
export interface ProjectNames {
  environments(): Promise<readonly string[]>;
  services(environment: string | undefined): Promise<readonly string[]>;
}

/** What the last of the words after `waggle` could be, from the same definitions as the help. */
export async function completeWords(
  words: readonly string[],
  commands: readonly Command[],
  project: ProjectNames,
): Promise<readonly string[]> {
  const { before, current, prefix } = splitAtCursor(words);
  const at = before.findIndex((word) => !word.startsWith('-'));
  const command = commands.find(({ name }) => name === before[at]);
  const flag = valueFlag(command, before.at(-1));
  const known = flag
    ? valuesOf(flag, project)
    : current.startsWith('-')
      ? ['help', ...(command ? Object.keys(command.flags) : ['version'])].map((name) => `--${name}`)
      : command
        ? argumentsOf(command, before, before.slice(at + 1), project)
        : at < 0 || before[at] === 'help'
          ? [...commands.map(({ name }) => name), ...(at < 0 ? ['help'] : [])]
          : [];
  return (await known).filter((word) => word.startsWith(current)).map((word) => prefix + word);
}

/** bash makes three words of `--env=x`; the other shells keep it as one, and replace the whole of it. */
function splitAtCursor(words: readonly string[]) {
  const joined = words.filter((word, at) => word !== '=' || at === words.length - 1);
  const last = joined.at(-1) ?? '';
  const [, flag, value] = /^(--[^=]+)=(.*)$/s.exec(last) ?? [];
  const before = joined.slice(0, -1);
  if (flag !== undefined) return { before: [...before, flag], current: value ?? '', prefix: `${flag}=` };
  return { before, current: last === '=' ? '' : last, prefix: '' };
}

function valueFlag(command: Command | undefined, word = ''): Flag | undefined {
  const name = word.replace(/^--/, '');
  const flag =
    word.startsWith('--') && command && Object.hasOwn(command.flags, name) ? command.flags[name] : undefined;
  return flag?.value === undefined ? undefined : flag;
}

const valuesOf = ({ choices = [] }: Flag, project: ProjectNames) =>
  choices === 'environments' ? project.environments() : choices;

async function argumentsOf(
  { verbs = [], arguments: taken = '', flags }: Command,
  before: readonly string[],
  words: readonly string[],
  project: ProjectNames,
): Promise<readonly string[]> {
  const isValue = (at: number) => valueFlag({ flags } as Command, words[at - 1]) !== undefined;
  const given = words.filter((word, at) => !word.startsWith('-') && !isValue(at));
  if (verbs.length > 0) return given.length === 0 ? verbs : [];
  const slots = taken.split(' ');
  const slot = slots[given.length] ?? slots.find((one) => one.includes('...')) ?? '';
  if (!/^[<[]service/.test(slot)) return [];
  const names = await project.services(environmentOf(before));
  const suffix = slot.includes('=') ? '=' : '';
  return names.map((name) => name + suffix).filter((name) => !given.some((word) => word.startsWith(name)));
}

/** The value of `--env`, in either form. */
function environmentOf(words: readonly string[]): string | undefined {
  const at = words.indexOf('--env');
  const joined = words.find((word) => word.startsWith('--env='));
  return at >= 0 ? words[at + 1] : joined?.slice('--env='.length);
}
