import { lines } from './shell-text.ts';

/** Of a script that was ended from outside: nobody can say what it did. */
const ENDED_EARLY = 42;
/** Of `renderEndAll`: something lives on, whatever was tried. */
export const STILL_RUNNING = 43;

/**
 * A script that is done once, however often it is begun: whoever begins it again, because a connection dropped,
 * waits for the first to end and hears what it said. It goes on when its connection is gone. What it said stays
 * on the disk only while it runs or when it failed. The lock is held by the first and by all that it began, and is
 * free when the last of them is gone, however they ended.
 */
export function renderOnce(folder: string, script: string): string {
  return lines(
    'umask 077',
    `command -v flock >/dev/null || { echo 'the manager has no flock: install util-linux there' >&2; exit 1; }`,
    `mkdir -p ${folder} && exec 9>>${folder}/lock || exit`,
    `if flock -n 9 && ! [ -e ${folder}/group ]; then`,
    // Its process group, which sshd has made for this shell.
    '  read -r _ _ _ _ group _ </proc/$$/stat',
    `  echo "$group" >${folder}/group`,
    '  (',
    script,
    `  ) >${folder}/stdout 2>${folder}/stderr </dev/null`,
    `  echo $? >${folder}/part && mv ${folder}/part ${folder}/status`,
    'else',
    '  flock 9',
    'fi',
    'exec 9>&-',
    `cat ${folder}/stdout 2>/dev/null; cat ${folder}/stderr >&2 2>/dev/null`,
    `status=$(cat ${folder}/status 2>/dev/null) || { echo 'it was ended before it was done' >&2; status=${ENDED_EARLY}; }`,
    `[ "$status" -ne 0 ] || rm -f ${folder}/stdout ${folder}/stderr`,
    'exit "$status"',
  );
}

/** Ends what `renderOnce` began in any of these folders and still runs: asked first, then by force. Says which it was. */
export function renderEndAll(folders: string): string {
  const awaitEnd = (tenths: number) =>
    `for _ in $(seq ${tenths}); do flock -n "$lock" true && continue 2; sleep 0.1; done`;
  return lines(
    `for lock in ${folders}/lock; do`,
    '  [ -e "$lock" ] && ! flock -n "$lock" true || continue',
    '  echo "${lock%/lock}"',
    '  group=$(cat "${lock%/lock}/group")',
    '  kill -s TERM -- "-$group"',
    `  ${awaitEnd(50)}`,
    '  kill -s KILL -- "-$group"',
    `  ${awaitEnd(50)}`,
    `  exit ${STILL_RUNNING}`,
    'done',
  );
}
