const NAME = 'waggle-own-';
const PLACES = '/dev/shm "$HOME"/.waggle "${TMPDIR:-/tmp}" /var/tmp';

/** Private folders of scripts that were killed: nobody holds the lock in one. Another user's cannot be removed. */
export const REMOVE_LEFT = `for place in ${PLACES}; do for old in "$place"/${NAME}*; do [ ! -e "$old/lock" ] || flock -n "$old/lock" rm -rf "$old" 2>/dev/null || :; done; done`;

/**
 * In a loop over `$place`: makes a private folder there and puts its path into the variable. The script and all that it
 * begins hold the lock in it through this file descriptor, before the folder has the name that others look for.
 */
export const renderOwnFolder = (variable: string, descriptor: number): readonly string[] => [
  '  made=$(mktemp -d "$place/waggle-new-XXXXXX" 2>/dev/null) || continue',
  `  exec ${descriptor}>"$made/lock" && flock ${descriptor}`,
  `  ${variable}=$place/${NAME}\${made##*-}`,
  `  mv "$made" "$${variable}"`,
];
