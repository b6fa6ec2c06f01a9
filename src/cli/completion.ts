/** Shell -> the script that asks `waggle completion words` what the word under the cursor could be. */
export const SHELLS = {
  bash: `_waggle() {
  local IFS=$'\\n'
  COMPREPLY=($(waggle completion words -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null))
  case \${COMPREPLY[0]} in *=) compopt -o nospace 2>/dev/null ;; esac
}
complete -o default -F _waggle waggle`,
  zsh: `autoload -Uz compinit
(( $+functions[compdef] )) || compinit
_waggle() {
  local -a known
  known=(\${(f)"$(waggle completion words -- "\${(@)words[2,CURRENT]}" 2>/dev/null)"})
  if (( ! $#known )); then _files
  elif [[ $known[1] == *= ]]; then compadd -S '' -- $known
  else compadd -- $known
  fi
}
compdef _waggle waggle`,
  fish: `function __waggle_words
  set -l before (commandline --tokenize --cut-at-cursor --current-process)
  set -l current (commandline --cut-at-cursor --current-token)
  set -l known (waggle completion words -- $before[2..] "$current" 2>/dev/null)
  if test (count $known) -gt 0
    printf '%s\\n' $known
  else
    __fish_complete_path "$current"
  end
end
complete --command waggle --no-files --arguments '(__waggle_words)'`,
} as const;
