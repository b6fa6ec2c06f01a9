import type { Command } from './command.ts';

/** Shell -> what comes before the script: zsh takes what bash has, once it is told to. */
export const SHELLS = {
  bash: [],
  zsh: ['autoload -Uz compinit bashcompinit', 'compinit', 'bashcompinit'],
} as const;

/** The script that makes a shell complete commands and their flags, from the same definitions as the help. */
export function renderCompletion(shell: keyof typeof SHELLS, commands: readonly Command[]): string {
  const flagsOf = ({ flags }: Command) =>
    ['help', ...Object.keys(flags)].map((flag) => `--${flag}`).join(' ');
  const names = commands.map(({ name }) => name).join(' ');
  return [
    ...SHELLS[shell],
    '_waggle() {',
    '  local word command= known',
    '  for word in "${COMP_WORDS[@]:1:$((COMP_CWORD - 1))}"; do',
    '    case $word in -*) ;; *) command=$word; break ;; esac',
    '  done',
    '  case $command in',
    `    '') known='${names} help --help --version' ;;`,
    `    help) known='${names}' ;;`,
    ...commands.map((command) => `    ${command.name}) known='${flagsOf(command)}' ;;`),
    '  esac',
    '  COMPREPLY=($(compgen -W "$known" -- "${COMP_WORDS[COMP_CWORD]}"))',
    '}',
    'complete -o default -F _waggle waggle',
  ].join('\n');
}
