import { DOCKER_THERE } from '../../shared/docker-socket.ts';
import { FENCE_LABEL, type Holder, lockName } from '../records/lock.ts';
import { renderOwnFolder } from './render-own-folder.ts';
import { lines, quote } from './shell-text.ts';

/** Exit status of a script whose run has lost the lock, or that cannot read the lock. */
export const FENCED = 45;

/** The program that Docker runs for the login of an image, by this name. */
export const LOGIN_HELPER = 'docker-credential-waggle';

export interface FenceOptions {
  readonly stack: string;
  readonly holder: Pick<Holder, 'id'>;
}

/** The function `is_ours`: the lock, as the manager's own engine reads it, lets this run change the stack. Else `$why` says what was read. */
function renderIsOurs({ stack, holder }: FenceOptions): readonly string[] {
  const format = `{{index .Spec.Labels "${FENCE_LABEL}"}}`;
  return [
    // BusyBox has no such flag. In the foreground: else it leaves the group of processes by which a script is ended.
    "within='timeout --foreground'",
    '$within 1 true 2>/dev/null || within=timeout',
    'is_ours() {',
    // A Swarm that elects a leader refuses every question for seconds.
    '  for pause in 1 2 4 none; do',
    `    why=$($within 15 ${DOCKER_THERE} config inspect --format ${quote(format)} ${quote(lockName(stack))} 2>&1 </dev/null) && break`,
    '    [ $pause != none ] || return 1',
    '    sleep $pause',
    '  done',
    `  [ "$why" = ${quote(holder.id)} ]`,
    '}',
  ];
}

/**
 * Docker's client lists the services once, asks its login helper before each change to one, and then changes that in the
 * version that it listed. So a helper that reads the lock, and ends the client when the lock is lost, fences every
 * change; one that comes later still is refused as out of sequence. `$DOCKER_CONFIG/armed`: the client is one to be fenced.
 */
export function renderLoginHelper(fencing: FenceOptions): string {
  return lines(
    '#!/bin/sh',
    'umask 077',
    ...renderIsOurs(fencing),
    `file() { printf %s "$DOCKER_CONFIG/login-"; tr -d '\\n' | tr -c 'A-Za-z0-9.-' _; }`,
    'case $1 in',
    'store)',
    '  login=$(cat)',
    `  printf %s "$login" >"$(printf %s "$login" | sed 's/.*"ServerURL":"\\([^"]*\\)".*/\\1/' | file)" ;;`,
    'get)',
    '  if [ -e "$DOCKER_CONFIG/armed" ]; then',
    // Once a second is often enough.
    '    now=$(date +%s) seen=$DOCKER_CONFIG/seen-$PPID',
    '    if [ "$(cat "$seen" 2>/dev/null)" != "$now" ]; then',
    '      is_ours || { echo "$why" >"$DOCKER_CONFIG/fenced"; kill -s KILL $PPID; exit 1; }',
    '      echo "$now" >"$seen"',
    '    fi',
    '  fi',
    `  cat "$(file)" 2>/dev/null || { echo 'credentials not found in native keychain'; exit 1; } ;;`,
    "list) echo '{}' ;;",
    'esac',
  );
}

/** Puts the helper where programs may be run, and makes Docker's client ask it. The caller removes `$helpers`, which may be ''. */
export function renderInstallHelper(fencing: FenceOptions): readonly string[] {
  return [
    `command -v timeout >/dev/null || { echo 'the manager has no timeout: install coreutils there' >&2; exit 1; }`,
    ...renderIsOurs(fencing),
    'found=',
    // Any of them may be mounted with noexec.
    'for place in /dev/shm "$HOME/.waggle" "${TMPDIR:-/tmp}" /var/tmp; do',
    ...renderOwnFolder('helpers', 7),
    `  printf %s ${quote(renderLoginHelper(fencing))} >"$helpers/${LOGIN_HELPER}"`,
    `  chmod 700 "$helpers/${LOGIN_HELPER}"`,
    `  "$helpers/${LOGIN_HELPER}" list >/dev/null 2>&1 && found=yes && break`,
    '  rm -rf "$helpers"',
    'done',
    `[ "$found" ] || { echo 'no folder on the manager lets a program run: mount /tmp or the home of the deploy user without noexec' >&2; exit 1; }`,
    'PATH=$helpers:$PATH && export PATH',
    `echo '{"credsStore":"waggle"}' >"$DOCKER_CONFIG/config.json"`,
  ];
}

/** Stops the script if the lock is not this run's any more. */
export const STOP_IF_FENCED: readonly string[] = [
  `is_ours || { echo "the lock is not this run's any more, or cannot be read: $why" >&2; exit ${FENCED}; }`,
];

/** The same, of a client that the helper has ended. */
export const STOP_IF_ENDED: readonly string[] = [
  `[ ! -e "$DOCKER_CONFIG/fenced" ] || { echo "docker stack deploy was stopped: the lock is not this run's any more, or cannot be read: $(cat "$DOCKER_CONFIG/fenced")" >&2; exit ${FENCED}; }`,
];
