/** What the scripts of a deploy run on the manager, beyond what every POSIX system has. */
const PROGRAMS = ['docker', 'flock', 'base64', 'mktemp', 'seq', 'timeout'];

/** Prints each program that the shell of the manager does not find, one a line. */
export const renderMissing = (): string =>
  `for program in ${PROGRAMS.join(' ')}; do command -v $program >/dev/null || echo $program; done`;

/** A login shell reads ~/.profile, and the shell of an SSH command does not. */
export const MISSING_HINT =
  'install them there (flock is in util-linux), or link them into /usr/local/bin: commands over SSH have their own PATH';
