import type { RegistryLogin } from '../../shared/registry-login.ts';
import type { Release } from '../release/release.ts';
import { exportedName } from '../variables.ts';
import { renderLogin } from './render-login.ts';
import { renderEndAll, renderOnce } from './render-once.ts';
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
  /** Of the bundle. */
  readonly file: string;
  /** Services that are not in it go. */
  readonly prune: boolean;
}

/**
 * `docker stack deploy` on the manager. The login lives in a private folder, in memory where the system has
 * /dev/shm, for as long as this script; values that stack.yml names are its environment and nothing else.
 */
export function renderStackDeploy(
  release: Release,
  { file, prune }: StackDeploy,
  logins: readonly RegistryLogin[] = [],
): string {
  const sensitive = Object.entries(release.sensitive).map(
    ([name, value]) => `export ${exportedName(name)}=${quote(value.revealText())}`,
  );
  const script = lines(
    'set -eu',
    // Of runs that were killed: the process in the name is gone. Another user's cannot be removed, and is none of ours.
    'for old in /dev/shm/waggle-[0-9]*-* "${TMPDIR:-/tmp}"/waggle-[0-9]*-*; do pid=${old##*/waggle-}; kill -0 "${pid%-*}" 2>/dev/null || rm -rf "$old" 2>/dev/null || :; done',
    'DOCKER_CONFIG=$(mktemp -d "/dev/shm/waggle-$$-XXXXXX" 2>/dev/null || mktemp -d "${TMPDIR:-/tmp}/waggle-$$-XXXXXX")',
    'export DOCKER_CONFIG',
    `trap 'docker logout ${quote(release.registry.host).replaceAll("'", '"')} >/dev/null 2>&1 || :; rm -rf "$DOCKER_CONFIG"' EXIT`,
    "trap 'exit 129' HUP INT TERM",
    ...(logins.length > 0 ? [`printf %s ${quote(renderLogins(logins))} >"$DOCKER_CONFIG/config.json"`] : []),
    ...renderLogin(release.registry),
    // Docker fills an empty variable of a service from a variable of its own that has the same name.
    ...FORGET,
    ...sensitive,
    // Older engines have no such flag and never wait; newer ones warn, or wait without an end, unless told.
    'detach=$(docker stack deploy --help | grep -q -e --detach && echo --detach=true || :)',
    ...renderInSequence(
      `docker stack deploy ${prune ? '--prune ' : ''}--with-registry-auth $detach --compose-file ${bundleFolder(release)}/${quote(file)} ${quote(release.stack)} </dev/null`,
    ),
  );
  return renderOnce(`${bundleFolder(release)}/${quote(`deploy-${file}`)}`, script);
}

/**
 * Swarm may write how an update gets on just between Docker's look at a service and its change to it, which is then
 * refused (moby#39891). What was done before that is not done again: it is what is asked for.
 */
function renderInSequence(command: string): readonly string[] {
  return [
    'left=5 said=$DOCKER_CONFIG/said',
    `until ${command} 2>"$said"; do`,
    '  status=$? left=$((left - 1))',
    `  [ $left -gt 0 ] && grep -q 'update out of sequence' "$said" || { cat "$said" >&2; exit $status; }`,
    "  echo 'Swarm changed a service at the same moment: docker stack deploy is run once more'",
    'done',
    'cat "$said" >&2',
  ];
}

/** As Docker's client keeps them; it knows its own registry by this address only. */
function renderLogins(logins: readonly RegistryLogin[]): string {
  const auths = logins.map(({ registry, username, password, isToken }) => {
    const text = password.revealText();
    const auth = Buffer.from(`${username}:${isToken ? '' : text}`).toString('base64');
    const server = registry === 'docker.io' ? 'https://index.docker.io/v1/' : registry;
    return [server, isToken ? { auth, identitytoken: text } : { auth }];
  });
  return JSON.stringify({ auths: Object.fromEntries(auths) });
}

/** Of `renderEndDeploys`: the bundle is not on this manager. */
export const NOT_HERE = 44;

/** Ends every `docker stack deploy` of the stack that is under way on the manager, whichever run began it. */
export function renderEndDeploys(release: Pick<Release, 'stack' | 'id'>): string {
  return lines(
    `[ -d ${bundleFolder(release)} ] || exit ${NOT_HERE}`,
    renderEndAll(`${bundlesFolder(release)}/*/*`),
  );
}

/** Unsets all but what docker itself needs. */
const FORGET = [
  `for name in $(awk 'BEGIN { for (name in ENVIRON) print name }'); do`,
  '  case $name in *[!A-Za-z0-9_]* | HOME | PATH | DOCKER_*) ;; *) unset "$name" ;; esac',
  'done',
];
