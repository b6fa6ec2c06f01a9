import type { Release } from '../release/release.ts';
import { exportedName } from '../variables.ts';

/** Exit status of the deploy script when the login, and not the deploy, was refused. */
export const LOGIN_REFUSED = 41;
/** Of a script that was ended from outside: nobody can say what it did. */
const ENDED_EARLY = 42;

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

/** Keeps the newest bundles. A name ends in its UTC time, which orders them whatever their tag. */
export function renderPruneBundles(release: Release, keep: number): string {
  const folder = bundlesFolder(release);
  return lines(
    'set -eu',
    `cd ${folder} 2>/dev/null || exit 0`, // another manager took over
    `ls | sed 's/.*_\\([0-9]*\\)$/\\1 &/' | sort -r | tail -n +${keep + 1} | cut -d' ' -f2- | while read -r old; do rm -rf -- "$old"; done`,
  );
}

export interface StackDeploy {
  /** Of the bundle. */
  readonly file: string;
  /** Services that are not in it go. */
  readonly prune: boolean;
}

/**
 * `docker stack deploy` on the manager. The login lives in a private folder, in memory where the system has
 * /dev/shm, for as long as this script; values that stack.yml names are its environment and nothing else.
 */
export function renderStackDeploy(release: Release, { file, prune }: StackDeploy): string {
  const { host, username, token } = release.registry;
  const sensitive = Object.entries(release.sensitive).map(
    ([name, value]) => `export ${exportedName(name)}=${quote(value.revealText())}`,
  );
  const script = lines(
    'set -eu',
    // Of runs that were killed: the process in the name is gone.
    'for old in /dev/shm/waggle-*-*; do pid=${old#*waggle-}; kill -0 "${pid%-*}" 2>/dev/null || rm -rf "$old"; done',
    'DOCKER_CONFIG=$(mktemp -d "/dev/shm/waggle-$$-XXXXXX" 2>/dev/null || mktemp -d)',
    'export DOCKER_CONFIG',
    `trap 'docker logout ${quote(host).replaceAll("'", '"')} >/dev/null 2>&1 || :; rm -rf "$DOCKER_CONFIG"' EXIT`,
    "trap 'exit 129' HUP INT TERM",
    `printf %s ${quote(token.revealText())} | docker login ${quote(host)} --username ${quote(username)} --password-stdin >"$DOCKER_CONFIG/said" 2>&1 || { cat "$DOCKER_CONFIG/said" >&2; exit ${LOGIN_REFUSED}; }`,
    // Docker fills an empty variable of a service from a variable of its own that has the same name.
    ...FORGET,
    ...sensitive,
    // Older engines have no such flag and never wait; newer ones warn, or wait without an end, unless told.
    'detach=$(docker stack deploy --help | grep -q -e --detach && echo --detach=true || :)',
    `docker stack deploy ${prune ? '--prune ' : ''}--with-registry-auth $detach --compose-file ${bundleFolder(release)}/${quote(file)} ${quote(release.stack)} </dev/null`,
  );
  return renderOnce(`${bundleFolder(release)}/${quote(`deploy-${file}`)}`, script);
}

/**
 * A script that is done once, however often it is begun: whoever begins it again, because a connection dropped,
 * waits for the first to end and hears what it said. It goes on when its connection is gone. What it said stays
 * on the disk only while it runs or when it failed.
 */
export function renderOnce(folder: string, script: string): string {
  return lines(
    'umask 077',
    `mkdir -p ${folder} && echo $$ >${folder}/pid.$$ || exit`,
    // A link is made by one of them only, and is there with its content.
    `if ln ${folder}/pid.$$ ${folder}/pid 2>/dev/null; then`,
    '  (',
    script,
    `  ) >${folder}/stdout 2>${folder}/stderr </dev/null`,
    `  echo $? >${folder}/part && mv ${folder}/part ${folder}/status`,
    'else',
    `  while ! [ -e ${folder}/status ] && kill -0 "$(cat ${folder}/pid)" 2>/dev/null; do sleep 0.2; done`,
    'fi',
    `rm -f ${folder}/pid.$$`,
    `cat ${folder}/stdout 2>/dev/null; cat ${folder}/stderr >&2 2>/dev/null`,
    `status=$(cat ${folder}/status 2>/dev/null) || { echo 'it was ended before it was done' >&2; status=${ENDED_EARLY}; }`,
    `[ "$status" -ne 0 ] || rm -f ${folder}/stdout ${folder}/stderr`,
    'exit "$status"',
  );
}

/** Unsets all but what docker itself needs. */
const FORGET = [
  `for name in $(awk 'BEGIN { for (name in ENVIRON) print name }'); do`,
  '  case $name in *[!A-Za-z0-9_]* | HOME | PATH | DOCKER_*) ;; *) unset "$name" ;; esac',
  'done',
];

function lines(...parts: readonly string[]): string {
  return `${parts.join('\n')}\n`;
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
