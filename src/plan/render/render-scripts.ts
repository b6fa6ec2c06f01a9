import { DOCKER_THERE } from '../../shared/docker-socket.ts';
import { loginAddress } from '../../shared/image-name.ts';
import type { RegistryLogin } from '../../shared/registry-login.ts';
import { type Holder, lockName } from '../records/lock.ts';
import type { Release } from '../release/release.ts';
import { LOGIN_HELPER, renderInstallHelper, STOP_IF_ENDED, STOP_IF_FENCED } from './render-fence.ts';
import { renderLogin } from './render-login.ts';
import { renderEndAll, renderOnce } from './render-once.ts';
import { REMOVE_LEFT, renderOwnFolder } from './render-own-folder.ts';
import { lines, quote } from './shell-text.ts';

/** `$HOME/.waggle/<stack>`: one folder for each release below it. Expanded by the manager's shell. */
export const bundlesFolder = ({ stack }: Pick<Release, 'stack'>) => `"$HOME"/.waggle/${quote(stack)}`;
export const bundleFolder = (release: Pick<Release, 'stack' | 'id'>) =>
  `${bundlesFolder(release)}/${quote(release.id)}`;

/** Writes the bundle: folder 0700, files 0600. Base64 takes any text through any shell. */
export function renderUpload(release: Release, files: Readonly<Record<string, string>>): string {
  const folder = bundleFolder(release);
  const writes = Object.entries(files).map(([name, text]) => {
    const encoded = Buffer.from(text).toString('base64');
    return `printf %s ${quote(encoded)} | base64 -d > ${folder}/${quote(name)}`;
  });
  return lines('set -eu', 'umask 077', `mkdir -p ${folder}`, ...writes);
}

export function renderRemoveBundle(release: Release): string {
  return lines(`rm -rf ${bundleFolder(release)}`);
}

/** Names every bundle of the stack; a manager that never ran a deploy has none. */
export function renderListBundles(release: Pick<Release, 'stack'>): string {
  return lines(`cd ${bundlesFolder(release)} 2>/dev/null || exit 0`, 'ls');
}

/** Removes every bundle of the stack. */
export function renderRemoveBundles(release: Pick<Release, 'stack'>): string {
  return lines(`rm -rf ${bundlesFolder(release)}`);
}

/** Keeps the newest bundles, and names the others. A name ends in its UTC time, which orders them whatever their tag. */
export function renderPruneBundles(
  release: Pick<Release, 'stack'>,
  keep: number,
  { isDry }: { readonly isDry: boolean },
): string {
  const folder = bundlesFolder(release);
  return lines(
    'set -eu',
    `cd ${folder} 2>/dev/null || exit 0`, // another manager took over
    `ls | sed 's/.*_\\([0-9]*\\)$/\\1 &/' | sort -r | tail -n +${keep + 1} | cut -d' ' -f2- | while read -r old; do echo "$old"${isDry ? '' : '; rm -rf -- "$old"'}; done`,
  );
}

export interface StackDeploy {
  /** `stack`, `wave-1`: what it says is kept by that name. */
  readonly name: string;
  /** The stack file, with every value in it. */
  readonly text: string;
  /** The run that may change the stack. */
  readonly holder: Pick<Holder, 'id'>;
  /** Seconds after which the command is killed. */
  readonly limit: number;
}

/** Exit status of a script whose command was killed at its limit. */
export const TOO_LONG = 46;

/**
 * `docker stack deploy` on the manager. The login lives in a private folder, in memory where the system has
 * /dev/shm, for as long as this script. The stack file is a variable of the shell and the client's standard input: it is
 * in no file, no argument and no environment.
 */
export function renderStackDeploy(
  release: Release,
  { name, text, holder, limit }: StackDeploy,
  logins: readonly RegistryLogin[] = [],
): string {
  const folder = `${bundleFolder(release)}/${quote(`deploy-${name}`)}`;
  const script = lines(
    'set -eu',
    REMOVE_LEFT,
    'DOCKER_CONFIG=',
    'for place in /dev/shm "${TMPDIR:-/tmp}"; do',
    ...renderOwnFolder('DOCKER_CONFIG', 8),
    '  break',
    'done',
    `[ "$DOCKER_CONFIG" ] || { echo 'no folder on the manager takes a private one: /dev/shm and /tmp are read-only or full' >&2; exit 1; }`,
    'export DOCKER_CONFIG',
    'helpers=',
    // Removing the folder is the logout.
    `trap 'rm -rf "$DOCKER_CONFIG" "$helpers"' EXIT`,
    "trap 'exit 129' HUP INT TERM",
    ...renderInstallHelper({ stack: release.stack, holder }),
    ...logins.map((login) => `printf %s ${quote(renderStored(login))} | ${LOGIN_HELPER} store`),
    ...renderLogin(release.registry),
    // Older engines have no such flag and never wait; newer ones warn, or wait without an end, unless told.
    `detach=$(${DOCKER_THERE} stack deploy --help | grep -q -e --detach && echo --detach=true || :)`,
    'touch "$DOCKER_CONFIG/armed"',
    `stack=${quote(text)}`,
    ...renderInSequence(
      `${DOCKER_THERE} stack deploy --with-registry-auth $detach --compose-file - ${quote(release.stack)}`,
      limit,
    ),
  );
  return renderOnce(folder, script);
}

/** Docker's client fills an empty variable of a service from one of its own environment that has the same name. */
const ALONE = 'env -i HOME="$HOME" PATH="$PATH" DOCKER_CONFIG="$DOCKER_CONFIG"';

/**
 * Swarm may write how an update gets on just between Docker's look at a service and its change to it, which is then
 * refused (moby#39891). What was done before that is not done again: it is what is asked for. Another run that has the
 * lock by now causes the same words: so the lock is read before each attempt.
 */
function renderInSequence(command: string, limit: number): readonly string[] {
  return [
    `left=5 said=$DOCKER_CONFIG/said end=$(($(date +%s) + ${limit}))`,
    `stopped() { cat "$said" >&2; echo 'docker stack deploy did not end within ${limit} s: it was killed' >&2; exit ${TOO_LONG}; }`,
    ...STOP_IF_FENCED,
    // By force at once: what it has asked the engine for is done all the same, and nothing waits for its clean-up.
    'now=$(date +%s)',
    `until [ $now -lt $end ] && printf %s "$stack" | $within -s KILL $((end - now)) ${ALONE} ${command} 2>"$said"; do`,
    '  status=$? left=$((left - 1))',
    ...STOP_IF_ENDED.map((line) => `  ${line}`),
    '  now=$(date +%s)',
    '  [ $now -lt $end ] || stopped',
    `  [ $left -gt 0 ] && grep -q 'update out of sequence' "$said" || { cat "$said" >&2; exit $status; }`,
    "  echo 'Swarm changed a service at the same moment: running docker stack deploy again'",
    ...STOP_IF_FENCED.map((line) => `  ${line}`),
    'done',
    'cat "$said" >&2',
  ];
}

/** As Docker's client hands a login to its helper. */
function renderStored({ registry, username, password, isToken }: RegistryLogin): string {
  const ServerURL = loginAddress(registry);
  const Username = isToken ? '<token>' : username;
  return JSON.stringify({ ServerURL, Username, Secret: password.revealText() });
}

/** Exit status of `renderEndDeploys`: the commands are gone, but the engine does not answer. */
export const ENGINE_SILENT = 44;

/**
 * Ends every `docker stack deploy` of the stack that is under way on the manager, whichever run began it. An engine that
 * answers then, from the Swarm, has done what they had asked it for before. Says `began` if one of this release was begun here.
 */
export function renderEndDeploys({ stack, id }: Pick<Release, 'stack' | 'id'>): string {
  const question = `${DOCKER_THERE} config inspect ${quote(lockName(stack))}`;
  return lines(
    renderEndAll(`${bundlesFolder({ stack })}/*/*`),
    REMOVE_LEFT,
    `said=$(timeout 10 ${question} 2>&1 </dev/null) || case $said in`,
    // Not every command has a lock, and an answer it is.
    `  *'not found'* | *'No such config'*) ;;`,
    `  *) echo "$said" >&2; exit ${ENGINE_SILENT} ;;`,
    'esac',
    `for group in ${bundleFolder({ stack, id })}/deploy-*/group; do [ ! -e "$group" ] || { echo began; break; }; done`,
  );
}
